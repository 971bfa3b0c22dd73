-- In Alembic: op.add_column. Without NOT NULL: the version before this one goes on adding books that have none.

-- migrate:up
ALTER TABLE books ADD COLUMN sort_title text;

-- migrate:down
ALTER TABLE books DROP COLUMN sort_title;
