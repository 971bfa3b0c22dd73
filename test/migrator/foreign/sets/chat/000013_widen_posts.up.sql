DROP MATERIALIZED VIEW poststats_later;
DROP MATERIALIZED VIEW poststats;

ALTER TABLE posts ALTER COLUMN createat TYPE timestamptz USING to_timestamp(createat / 1000.0);
ALTER TABLE posts ALTER COLUMN createat SET DEFAULT now();
ALTER TABLE posts ALTER COLUMN message TYPE text;

CREATE MATERIALIZED VIEW poststats AS
SELECT userid, (createat AT TIME ZONE 'UTC')::date AS day, count(*) AS posts FROM posts GROUP BY userid, day;
CREATE UNIQUE INDEX idx_poststats_user_day ON poststats (userid, day);
