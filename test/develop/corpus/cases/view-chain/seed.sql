INSERT INTO people VALUES (1, 36), (2, 85), (3, NULL);
