INSERT INTO customers VALUES (1, 36), (2, 85);
