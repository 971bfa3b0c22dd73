INSERT INTO customers VALUES (1, 'ada@example.org', 36), (2, 'grace@example.org', NULL);
INSERT INTO orders VALUES (1, 1, 5), (2, 2, 9.5);
