CREATE TABLE a (id integer PRIMARY KEY);
CREATE SEQUENCE shared_ids;
CREATE TABLE letters (id bigint PRIMARY KEY DEFAULT nextval('shared_ids'), body text);
CREATE TABLE parcels (id bigint PRIMARY KEY DEFAULT nextval('shared_ids'), weight integer);
