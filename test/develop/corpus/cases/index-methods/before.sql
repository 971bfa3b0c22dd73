CREATE TABLE things (id integer PRIMARY KEY, at timestamptz, body jsonb, area box, code text);
