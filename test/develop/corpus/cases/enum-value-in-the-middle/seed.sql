INSERT INTO people VALUES (1, 'happy'), (2, NULL);
