INSERT INTO customers VALUES (1, 'Ada', 4), (2, 'Grace', 5);
