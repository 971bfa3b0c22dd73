CREATE TABLE hits (id bigint PRIMARY KEY, url text NOT NULL);
