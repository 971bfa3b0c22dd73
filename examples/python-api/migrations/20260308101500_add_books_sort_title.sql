-- In Alembic: add_column with nullable=True, op.execute("UPDATE …"), alter_column with nullable=False.

-- migrate:up
ALTER TABLE books ADD COLUMN sort_title text;
UPDATE books SET sort_title = lower(regexp_replace(title, '^(the|an?) ', '', 'i'));
ALTER TABLE books ALTER COLUMN sort_title SET NOT NULL;

-- migrate:down
ALTER TABLE books DROP COLUMN sort_title;
