-- migrate:up transaction:false
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_posts_user ON posts (userid, createat)
