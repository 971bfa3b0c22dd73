CREATE TABLE t (id integer PRIMARY KEY, note text);
COMMENT ON TABLE t IS 'it''s a table \ with
two lines';
COMMENT ON COLUMN t.note IS 'free text';
