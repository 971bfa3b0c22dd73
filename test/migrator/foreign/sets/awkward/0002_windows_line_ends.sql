-- made with an editor on Windows
-- migrate:up

CREATE FUNCTION shout(text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  -- a comment ends with its line
  RETURN upper($1) || '!
';
END
$$;
INSERT INTO notes VALUES (1, 'first
second');

-- migrate:down

DELETE FROM notes WHERE id = 1;
DROP FUNCTION shout(text);
