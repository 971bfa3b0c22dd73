INSERT INTO clients VALUES (1, 10), (2, 20);
