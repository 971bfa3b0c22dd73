CREATE TABLE t (id integer PRIMARY KEY, note text CONSTRAINT note_there CHECK (note <> ''));
CREATE INDEX t_note_idx ON t (note);
