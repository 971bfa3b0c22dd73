CREATE SEQUENCE tickets;
CREATE TABLE t (id bigint PRIMARY KEY DEFAULT nextval('tickets'), note text);
