INSERT INTO steps VALUES (1, 1), (2, 2);
