-- migrate:up transaction:false
BEGIN;

LOCK TABLE posts IN SHARE MODE;
UPDATE posts SET message = regexp_replace(message, '\s*;\s*$', '') WHERE message ~ ';\s*$';

COMMIT;

REFRESH MATERIALIZED VIEW CONCURRENTLY poststats;
REFRESH MATERIALIZED VIEW poststats_later;
