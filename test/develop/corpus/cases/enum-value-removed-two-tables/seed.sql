INSERT INTO people VALUES (1, 'ok'), (2, NULL);
INSERT INTO pets VALUES (1, 'sad'), (2, 'ok');
