CREATE TABLE a (id serial PRIMARY KEY, note text);
CREATE TABLE b (id serial PRIMARY KEY, a_id integer REFERENCES a);
CREATE TABLE c (id bigserial PRIMARY KEY, b_id integer REFERENCES b);
