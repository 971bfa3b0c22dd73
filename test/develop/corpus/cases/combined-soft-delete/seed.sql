INSERT INTO customers VALUES (1, 'ada@example.org'), (2, 'grace@example.org');
INSERT INTO orders VALUES (1, 1), (2, 2);
