-- migrate:up
CREATE SCHEMA extensions;
CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA extensions;
CREATE EXTENSION IF NOT EXISTS btree_gist WITH SCHEMA extensions;
CREATE EXTENSION IF NOT EXISTS pgcrypto WITH SCHEMA extensions;
CREATE EXTENSION IF NOT EXISTS citext WITH SCHEMA extensions;
CREATE SCHEMA tenancy
  CREATE TABLE plans (code text PRIMARY KEY, seats integer NOT NULL CHECK (seats > 0))
  CREATE VIEW big_plans AS SELECT code FROM plans WHERE seats >= 100;
CREATE SCHEMA metrics;
CREATE SCHEMA audit;
COMMENT ON SCHEMA audit IS 'who changed what';

-- migrate:down
DROP SCHEMA audit;
DROP SCHEMA metrics;
DROP SCHEMA tenancy CASCADE;
DROP EXTENSION citext, pgcrypto, btree_gist, pg_trgm;
DROP SCHEMA extensions;
