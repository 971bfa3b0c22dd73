-- migrate:up
SET LOCAL search_path = tenancy, extensions;
CREATE TABLE bookings (
  tenant_id integer NOT NULL REFERENCES tenants,
  room text NOT NULL,
  during tstzrange NOT NULL CHECK (NOT isempty(during)),
  cancelled boolean NOT NULL DEFAULT false,
  CONSTRAINT bookings_no_overlap EXCLUDE USING gist (tenant_id WITH =, room WITH =, during WITH &&)
    WHERE (NOT cancelled) DEFERRABLE
);
ALTER TABLE bookings ENABLE ROW LEVEL SECURITY;
CREATE POLICY by_tenant ON bookings FOR ALL
  USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant());

-- migrate:down
DROP TABLE tenancy.bookings;
