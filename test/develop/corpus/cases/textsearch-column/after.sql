CREATE TABLE documents (
  id integer PRIMARY KEY,
  body text,
  search tsvector GENERATED ALWAYS AS (to_tsvector('english', coalesce(body, ''))) STORED
);
CREATE INDEX documents_search_idx ON documents USING gin (search);
