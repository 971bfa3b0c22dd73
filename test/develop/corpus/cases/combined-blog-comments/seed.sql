INSERT INTO posts (title, body) VALUES ('one', 'first'), ('two', 'second');
