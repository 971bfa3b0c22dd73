INSERT INTO customers VALUES (1, 'Ada', '123'), (2, 'Grace', NULL);
