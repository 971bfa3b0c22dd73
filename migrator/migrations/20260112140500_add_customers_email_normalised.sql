-- Expand: two spellings of one address must become one customer. The column is nullable and has no default, so adding it
-- touches no row, and the release before, which does not know the column, keeps working while replicas are replaced.
-- From this release on the app writes it; the next one fills the older rows.

-- migrate:up
ALTER TABLE customers ADD COLUMN email_normalised text;

COMMENT ON COLUMN customers.email_normalised IS
  'email with a lower-case local part and an IDNA (ASCII) domain; written by the app, null in rows older than the column';

-- migrate:down
ALTER TABLE customers DROP COLUMN email_normalised;
