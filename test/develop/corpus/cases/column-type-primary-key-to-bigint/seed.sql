INSERT INTO orders VALUES (1), (2);
INSERT INTO lines VALUES (1, 1), (2, 2);
