DROP MATERIALIZED VIEW poststats;

ALTER TABLE posts ALTER COLUMN message TYPE VARCHAR(65535);
ALTER TABLE posts ALTER COLUMN createat DROP DEFAULT;
ALTER TABLE posts ALTER COLUMN createat TYPE bigint USING (extract(epoch FROM createat) * 1000)::bigint;

CREATE MATERIALIZED VIEW poststats AS
SELECT userid, to_timestamp(createat / 1000)::date AS day, count(*) AS posts
  FROM posts
 GROUP BY userid, day;
CREATE UNIQUE INDEX idx_poststats_user_day ON poststats (userid, day);
CREATE MATERIALIZED VIEW poststats_later AS SELECT day, sum(posts) AS posts FROM poststats GROUP BY day;
