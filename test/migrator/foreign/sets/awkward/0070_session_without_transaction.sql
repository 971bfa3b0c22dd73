-- migrate:up transaction:false
SET search_path = hidden, public;
CREATE TABLE left_open (id integer);
CREATE INDEX CONCURRENTLY left_open_id ON left_open (id);
ALTER TABLE left_open ADD CONSTRAINT left_open_once UNIQUE (id);

-- migrate:down transaction:false
SET search_path = hidden;
DROP INDEX CONCURRENTLY left_open_id;
DROP TABLE left_open;
