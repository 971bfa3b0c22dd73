-- migrate:up
CREATE INDEX notes_body ON notes (md5(body))
-- migrate:down
DROP INDEX notes_body -- and this is all