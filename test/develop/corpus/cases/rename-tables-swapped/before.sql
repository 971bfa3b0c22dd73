CREATE TABLE a (id integer, a_note text);
CREATE TABLE b (id integer, b_note text);
