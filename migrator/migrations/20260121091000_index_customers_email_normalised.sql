-- Built while the app reads and writes on. CREATE INDEX CONCURRENTLY cannot run inside a transaction.

-- migrate:up transaction:false
CREATE UNIQUE INDEX CONCURRENTLY customers_email_normalised_key ON customers (email_normalised);

-- migrate:down transaction:false
DROP INDEX CONCURRENTLY customers_email_normalised_key;
