CREATE MATERIALIZED VIEW IF NOT EXISTS poststats AS
SELECT userid, to_timestamp(createat / 1000)::date AS day, count(*) AS posts
  FROM posts
 GROUP BY userid, day;

CREATE UNIQUE INDEX IF NOT EXISTS idx_poststats_user_day ON poststats (userid, day);

CREATE MATERIALIZED VIEW poststats_later AS SELECT day, sum(posts) AS posts FROM poststats GROUP BY day WITH NO DATA;
