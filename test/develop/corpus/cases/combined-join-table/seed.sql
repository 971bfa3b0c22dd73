INSERT INTO tags VALUES (1, 'a'), (2, 'b');
INSERT INTO posts VALUES (1, '{1,2}'), (2, NULL);
