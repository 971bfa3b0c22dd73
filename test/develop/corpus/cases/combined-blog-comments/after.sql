CREATE TYPE comment_state AS ENUM ('waiting', 'shown', 'hidden');
CREATE TABLE posts (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  title text NOT NULL,
  body text NOT NULL,
  comment_count integer NOT NULL DEFAULT 0
);
CREATE TABLE comments (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  post_id integer NOT NULL CONSTRAINT comments_post_id_posts_id_fk REFERENCES posts (id) ON DELETE CASCADE,
  state comment_state NOT NULL DEFAULT 'waiting',
  body text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX comments_post_id_idx ON comments (post_id, created_at);
