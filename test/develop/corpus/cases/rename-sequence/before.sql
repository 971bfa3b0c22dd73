CREATE SEQUENCE numbers;
CREATE TABLE t (id bigint PRIMARY KEY DEFAULT nextval('numbers'), note text);
