CREATE EXTENSION pg_trgm;
CREATE TABLE documents (
  id integer PRIMARY KEY,
  title text NOT NULL,
  body text,
  search tsvector GENERATED ALWAYS AS (setweight(to_tsvector('english', title), 'A') || to_tsvector('english', coalesce(body, ''))) STORED
);
CREATE INDEX documents_search_idx ON documents USING gin (search);
CREATE INDEX documents_title_idx ON documents USING gin (title gin_trgm_ops);
CREATE FUNCTION find_documents(query text) RETURNS SETOF documents LANGUAGE sql STABLE
  AS $$ SELECT * FROM documents WHERE search @@ websearch_to_tsquery('english', query) $$;
