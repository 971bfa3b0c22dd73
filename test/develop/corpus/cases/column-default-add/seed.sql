INSERT INTO customers VALUES (1, 'FR'), (2, NULL);
