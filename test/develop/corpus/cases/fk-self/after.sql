CREATE TABLE nodes (id integer PRIMARY KEY, parent_id integer CONSTRAINT nodes_parent_id_nodes_id_fk REFERENCES nodes (id) ON DELETE CASCADE);
