CREATE TABLE zones (id integer PRIMARY KEY);
CREATE TABLE warehouses (id integer PRIMARY KEY, zone_id integer NOT NULL REFERENCES zones);
CREATE TABLE bins (id integer PRIMARY KEY, warehouse_id integer NOT NULL REFERENCES warehouses);
