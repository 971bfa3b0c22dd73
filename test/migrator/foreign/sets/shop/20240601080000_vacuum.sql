-- migrate:up transaction:false
VACUUM (ANALYZE) orders;
REINDEX TABLE CONCURRENTLY order_items;

-- migrate:down transaction:false
-- nothing to take back
