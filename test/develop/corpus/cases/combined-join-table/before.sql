CREATE TABLE tags (id integer PRIMARY KEY, label text NOT NULL);
CREATE TABLE posts (id integer PRIMARY KEY, tag_ids integer[]);
