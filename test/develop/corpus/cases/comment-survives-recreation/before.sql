CREATE TABLE t (id integer PRIMARY KEY, note text);
CREATE VIEW v AS SELECT id, note FROM t;
COMMENT ON VIEW v IS 'a view';
COMMENT ON COLUMN v.note IS 'the note';
