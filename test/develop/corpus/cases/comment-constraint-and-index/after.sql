CREATE TABLE t (id integer PRIMARY KEY, note text CONSTRAINT note_there CHECK (note <> ''));
CREATE INDEX t_note_idx ON t (note);
COMMENT ON CONSTRAINT note_there ON t IS 'never empty';
COMMENT ON CONSTRAINT t_pkey ON t IS 'the key';
COMMENT ON INDEX t_note_idx IS 'for search';
