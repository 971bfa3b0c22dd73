-- migrate:down transaction:false
DROP INDEX CONCURRENTLY IF EXISTS idx_posts_user
