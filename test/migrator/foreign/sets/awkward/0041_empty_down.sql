-- migrate:up
UPDATE notes SET body = shout(body) WHERE id = 1;

-- migrate:down
