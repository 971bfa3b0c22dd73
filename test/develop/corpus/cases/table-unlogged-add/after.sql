CREATE TABLE sessions (id uuid PRIMARY KEY);
CREATE UNLOGGED TABLE hits (id bigint PRIMARY KEY, url text NOT NULL);
