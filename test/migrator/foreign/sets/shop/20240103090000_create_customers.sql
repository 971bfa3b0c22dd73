-- migrate:up
CREATE TYPE customer_kind AS ENUM ('person', 'company');

CREATE TABLE customers (
  id bigserial PRIMARY KEY,
  kind customer_kind NOT NULL DEFAULT 'person',
  first_name text NOT NULL,
  last_name text NOT NULL DEFAULT '',
  email varchar(254) NOT NULL CONSTRAINT customers_email_key UNIQUE,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT customers_email_check CHECK (email ~ '^[^@;]+@[^@;]+$')
);

COMMENT ON TABLE customers IS 'Who buys; the shop''s own people are not here';
COMMENT ON COLUMN customers.kind IS 'decides how tax is shown';

-- migrate:down
DROP TABLE customers;
DROP TYPE customer_kind;
