CREATE TABLE users (id integer PRIMARY KEY, email text NOT NULL UNIQUE);
CREATE TABLE projects (id integer PRIMARY KEY, owner_id integer NOT NULL REFERENCES users, name text NOT NULL);
