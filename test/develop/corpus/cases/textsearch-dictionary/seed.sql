INSERT INTO documents VALUES (1, 'cats and dogs'), (2, NULL);
