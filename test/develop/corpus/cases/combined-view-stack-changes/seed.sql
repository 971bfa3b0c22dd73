INSERT INTO sales VALUES (1, 1, 5), (2, 2, 7);
