INSERT INTO customers VALUES (1, 'Ada@example.org'), (2, NULL);
