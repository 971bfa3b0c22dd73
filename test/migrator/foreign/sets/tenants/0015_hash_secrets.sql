-- migrate:up
ALTER TABLE tenancy.tenants ADD COLUMN secret_digest bytea;
-- Row security is forced on the owner too, unless a superuser migrates.
ALTER TABLE tenancy.tenants DISABLE ROW LEVEL SECURITY;
UPDATE tenancy.tenants SET secret_digest = extensions.digest(secret_hash, 'sha256') WHERE secret_hash IS NOT NULL;
ALTER TABLE tenancy.tenants ENABLE ROW LEVEL SECURITY;
ALTER TABLE tenancy.tenants DROP COLUMN secret_hash;

-- migrate:down
ALTER TABLE tenancy.tenants ADD COLUMN secret_hash text COLLATE "C", DROP COLUMN secret_digest;
