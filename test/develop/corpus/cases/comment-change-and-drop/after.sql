CREATE TABLE t (id integer PRIMARY KEY, note text);
COMMENT ON TABLE t IS 'new';
