-- migrate:up
CREATE TABLE not_there_yet AS SELECT 1 AS id;
INSERT INTO notes (id, body) VALUES (61, current_schema() || ' ' || current_setting('check_function_bodies'));

-- migrate:down
DELETE FROM notes WHERE id = 61;
DROP TABLE not_there_yet;
