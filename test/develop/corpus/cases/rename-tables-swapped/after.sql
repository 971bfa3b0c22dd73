CREATE TABLE b (id integer, a_note text);
CREATE TABLE a (id integer, b_note text);
