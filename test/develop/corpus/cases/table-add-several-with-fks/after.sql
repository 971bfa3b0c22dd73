CREATE TABLE zones (id integer PRIMARY KEY, name text NOT NULL);
CREATE TABLE warehouses (
  id integer PRIMARY KEY,
  zone_id integer NOT NULL CONSTRAINT warehouses_zone_id_zones_id_fk REFERENCES zones (id)
);
CREATE TABLE bins (
  id integer PRIMARY KEY,
  warehouse_id integer NOT NULL CONSTRAINT bins_warehouse_id_warehouses_id_fk REFERENCES warehouses (id)
);
CREATE TABLE articles (
  id integer PRIMARY KEY,
  bin_id integer CONSTRAINT articles_bin_id_bins_id_fk REFERENCES bins (id)
);
