-- migrate:up
CREATE DOMAIN tenancy.slug AS extensions.citext
  CONSTRAINT slug_shape CHECK (VALUE OPERATOR(extensions.~) '^[a-z][a-z0-9-]{1,30}$')
  CONSTRAINT slug_free CHECK (VALUE::text NOT IN ('admin', 'api'));
CREATE DOMAIN tenancy.percentage AS numeric(5, 2) DEFAULT 0 NOT NULL CHECK (VALUE BETWEEN 0 AND 100);
CREATE TYPE tenancy.address AS (street text, "postal code" varchar(10), country char(2));
CREATE TYPE metrics.temperature_range AS RANGE (subtype = numeric);
COMMENT ON DOMAIN tenancy.slug IS 'part of a host name';
COMMENT ON COLUMN tenancy.address.country IS 'ISO 3166-1 alpha-2';

-- migrate:down
DROP TYPE metrics.temperature_range;
DROP TYPE tenancy.address;
DROP DOMAIN tenancy.percentage;
DROP DOMAIN tenancy.slug;
