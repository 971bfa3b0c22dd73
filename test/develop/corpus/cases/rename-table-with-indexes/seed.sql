INSERT INTO clients VALUES (1, 'Ada', 'London'), (2, 'Grace', NULL);
