CREATE SCHEMA a;
CREATE SCHEMA b;
CREATE TABLE a.t (id integer PRIMARY KEY, note text);
CREATE TABLE b.t (id integer PRIMARY KEY, other integer REFERENCES a.t);
CREATE INDEX t_note_idx ON a.t (note);
CREATE INDEX t_note_idx ON b.t (other);
