CREATE TABLE a (id integer PRIMARY KEY, created_at timestamptz NOT NULL DEFAULT now());
CREATE TABLE b (id integer PRIMARY KEY, created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz);
CREATE TABLE c (id integer PRIMARY KEY, at timestamptz);
CREATE INDEX b_created_at_idx ON b (created_at DESC);
CREATE VIEW latest AS SELECT max(a.created_at) AS at FROM a UNION ALL SELECT max(b.created_at) FROM b;
