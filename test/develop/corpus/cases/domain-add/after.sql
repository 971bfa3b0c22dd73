CREATE DOMAIN country AS text DEFAULT 'de' NOT NULL CONSTRAINT two_letters CHECK (VALUE ~ '^[a-z]{2}$');
CREATE TABLE t (id integer PRIMARY KEY, country country);
