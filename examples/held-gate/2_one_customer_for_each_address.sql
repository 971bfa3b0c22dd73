-- migrate:up
UPDATE customers SET email = lower(email);
ALTER TABLE customers ADD UNIQUE (email);

-- migrate:down
ALTER TABLE customers DROP CONSTRAINT customers_email_key;
