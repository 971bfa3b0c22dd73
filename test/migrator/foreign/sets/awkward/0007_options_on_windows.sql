-- migrate:up transaction:false
CREATE INDEX CONCURRENTLY notes_pinned ON notes (id) WHERE pinned;
DROP INDEX CONCURRENTLY notes_body;

-- migrate:down transaction:false
CREATE INDEX CONCURRENTLY notes_body ON notes (md5(body));
DROP INDEX CONCURRENTLY notes_pinned;
