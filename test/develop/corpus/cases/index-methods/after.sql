CREATE TABLE things (id integer PRIMARY KEY, at timestamptz, body jsonb, area box, code text);
CREATE INDEX things_at_idx ON things USING brin (at) WITH (pages_per_range = 32);
CREATE INDEX things_body_idx ON things USING gin (body jsonb_path_ops);
CREATE INDEX things_area_idx ON things USING gist (area);
CREATE INDEX things_code_idx ON things USING hash (code);
