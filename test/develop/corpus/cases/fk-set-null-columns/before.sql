CREATE TABLE users (tenant integer, id integer, PRIMARY KEY (tenant, id));
CREATE TABLE posts (tenant integer NOT NULL, id integer, author integer, PRIMARY KEY (tenant, id),
  CONSTRAINT posts_author FOREIGN KEY (tenant, author) REFERENCES users ON DELETE CASCADE);
