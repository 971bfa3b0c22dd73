-- migrate:up
ALTER TABLE customers ADD COLUMN full_name text;
UPDATE customers SET full_name = trim(first_name || ' ' || last_name);
ALTER TABLE customers ALTER COLUMN full_name SET NOT NULL;
DROP INDEX customers_name_idx;
ALTER TABLE customers DROP COLUMN first_name, DROP COLUMN last_name;
CREATE INDEX customers_full_name_idx ON customers (lower(full_name) text_pattern_ops);

-- migrate:down
DROP INDEX customers_full_name_idx;
ALTER TABLE customers ADD COLUMN first_name text, ADD COLUMN last_name text;
UPDATE customers SET first_name = split_part(full_name, ' ', 1),
  last_name = substr(full_name, strpos(full_name || ' ', ' ') + 1);
ALTER TABLE customers ALTER COLUMN first_name SET NOT NULL, ALTER COLUMN last_name SET NOT NULL;
ALTER TABLE customers ALTER COLUMN last_name SET DEFAULT '';
ALTER TABLE customers DROP COLUMN full_name;
CREATE INDEX customers_name_idx ON customers (lower(last_name), lower(first_name) text_pattern_ops);
