-- migrate:up
INSERT INTO notes (id, body) VALUES (2, 'two') ON CONFLICT DO NOTHING;

-- migrate:down
-- the rows stay; /* not even a block begins here
/* nothing /* at all */ ; */
