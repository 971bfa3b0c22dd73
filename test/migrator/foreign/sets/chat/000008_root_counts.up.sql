ALTER TABLE channels ADD COLUMN totalmsgcountroot bigint;
ALTER TABLE channelmembers ADD COLUMN msgcountroot bigint;

WITH roots AS (
    SELECT channelid, count(*) AS n FROM posts WHERE rootid = '' GROUP BY channelid
)
UPDATE channels SET totalmsgcountroot = roots.n FROM roots WHERE roots.channelid = channels.id;

UPDATE channels SET totalmsgcountroot = 0 WHERE totalmsgcountroot IS NULL;

UPDATE channelmembers AS m
   SET msgcountroot = least(coalesce(m.msgcount, 0), c.totalmsgcountroot)
  FROM channels AS c
 WHERE c.id = m.channelid;

ALTER TABLE channels ALTER COLUMN totalmsgcountroot SET DEFAULT 0, ALTER COLUMN totalmsgcountroot SET NOT NULL;
