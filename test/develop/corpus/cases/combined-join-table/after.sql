CREATE TABLE tags (id integer PRIMARY KEY, label text NOT NULL CONSTRAINT tags_label_unique UNIQUE);
CREATE TABLE posts (id integer PRIMARY KEY);
CREATE TABLE posts_tags (
  post_id integer CONSTRAINT posts_tags_post_id_posts_id_fk REFERENCES posts (id),
  tag_id integer CONSTRAINT posts_tags_tag_id_tags_id_fk REFERENCES tags (id),
  CONSTRAINT posts_tags_post_id_tag_id_pk PRIMARY KEY (post_id, tag_id)
);
CREATE INDEX posts_tags_tag_id_idx ON posts_tags (tag_id);
