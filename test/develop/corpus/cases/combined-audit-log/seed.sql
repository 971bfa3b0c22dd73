INSERT INTO customers VALUES (1, 'Ada'), (2, NULL);
INSERT INTO orders VALUES (1, 5), (2, NULL);
