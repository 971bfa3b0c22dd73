-- migrate:up
CREATE TABLE tenancy.tenants (
  id integer GENERATED ALWAYS AS IDENTITY (MINVALUE 1 MAXVALUE 100000 CACHE 5) PRIMARY KEY,
  key uuid NOT NULL DEFAULT gen_random_uuid() UNIQUE,
  slug tenancy.slug NOT NULL UNIQUE,
  plan text NOT NULL DEFAULT 'free' REFERENCES tenancy.plans,
  address tenancy.address,
  discount tenancy.percentage,
  secret_hash text COLLATE "C"
);
INSERT INTO tenancy.plans VALUES ('free', 3), ('team', 25), ('company', 500);
CREATE INDEX tenants_slug_trgm ON tenancy.tenants USING gist ((slug::text) extensions.gist_trgm_ops);
CREATE SEQUENCE tenancy.invoice_numbers AS integer START 1000 INCREMENT 5 CYCLE MAXVALUE 9999;

-- migrate:down
DROP SEQUENCE tenancy.invoice_numbers;
DROP TABLE tenancy.tenants;
TRUNCATE tenancy.plans;
