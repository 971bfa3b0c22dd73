INSERT INTO products VALUES (1, 'pen', 100, 'p1'), (2, 'ink', 500, NULL);
INSERT INTO customers VALUES (1, 'ada@example.org'), (2, 'grace@example.org');
INSERT INTO orders VALUES (1, 1, 'new'), (2, 2, 'open');
