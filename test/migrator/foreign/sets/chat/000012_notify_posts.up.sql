CREATE OR REPLACE FUNCTION notify_post() RETURNS trigger AS $fn$
DECLARE
    payload jsonb := jsonb_build_object('id', NEW.id, 'channel', NEW.channelid);
BEGIN
    PERFORM pg_notify('posts', payload::text);
    UPDATE channels SET totalmsgcount = totalmsgcount + 1,
        totalmsgcountroot = totalmsgcountroot + CASE NEW.rootid WHEN '' THEN 1 ELSE 0 END
     WHERE id = NEW.channelid;
    RETURN NULL;
EXCEPTION WHEN serialization_failure OR deadlock_detected THEN
    RAISE NOTICE 'post % not counted; %', NEW.id, SQLERRM;
    RETURN NULL;
END;
$fn$ LANGUAGE 'plpgsql';

DROP TRIGGER IF EXISTS posts_notify ON posts;
CREATE TRIGGER posts_notify AFTER INSERT ON posts FOR EACH ROW EXECUTE PROCEDURE notify_post();

INSERT INTO posts (id, createat, channelid, userid, message)
SELECT 'welcome-' || id, 1700000000000, id, 'system', 'Welcome; say hello'
  FROM channels
ON CONFLICT (id) DO NOTHING;
