INSERT INTO people VALUES (1, 'Ada', 100), (2, 'Grace', NULL);
