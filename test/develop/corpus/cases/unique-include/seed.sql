INSERT INTO customers VALUES (1, 'ada@example.org', 'Ada'), (2, NULL, NULL);
