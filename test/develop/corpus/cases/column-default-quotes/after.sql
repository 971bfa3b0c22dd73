CREATE TABLE notes (id integer PRIMARY KEY, body text DEFAULT E'it''s a $1 \\ $$path$$\nwith; two -- lines');
