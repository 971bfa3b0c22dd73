INSERT INTO clients VALUES (1, 'ada@example.org'), (2, NULL);
