INSERT INTO people VALUES (1, 'sad', 'red'), (2, NULL, NULL);
