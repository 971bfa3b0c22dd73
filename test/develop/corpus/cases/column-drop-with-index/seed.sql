INSERT INTO customers VALUES (1, '123'), (2, NULL);
