INSERT INTO things VALUES (1, 'x'), (2, NULL);
