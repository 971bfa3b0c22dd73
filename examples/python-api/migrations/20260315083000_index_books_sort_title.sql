-- In Alembic: `with op.get_context().autocommit_block():` around create_index with postgresql_concurrently=True.

-- migrate:up transaction:false
CREATE INDEX CONCURRENTLY books_sort_title_idx ON books (sort_title, id);

-- migrate:down transaction:false
DROP INDEX CONCURRENTLY books_sort_title_idx;
