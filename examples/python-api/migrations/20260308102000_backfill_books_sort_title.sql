-- In Alembic: op.execute.

-- migrate:up
UPDATE books SET sort_title = lower(regexp_replace(title, '^(the|an?) ', '', 'i')) WHERE sort_title IS NULL;

-- migrate:down
UPDATE books SET sort_title = NULL;
