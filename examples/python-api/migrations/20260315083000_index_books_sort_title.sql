-- In Alembic: op.create_index with postgresql_concurrently=True, in op.get_context().autocommit_block().

-- migrate:up transaction:false
CREATE INDEX CONCURRENTLY books_sort_title_idx ON books (sort_title, id);

-- migrate:down transaction:false
DROP INDEX CONCURRENTLY books_sort_title_idx;
