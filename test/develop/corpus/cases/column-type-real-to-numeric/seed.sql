INSERT INTO items VALUES (1, 0.5), (2, 2.25);
