CREATE TABLE sessions (id integer PRIMARY KEY, token text NOT NULL);
CREATE UNIQUE INDEX sessions_token_idx ON sessions (token);
