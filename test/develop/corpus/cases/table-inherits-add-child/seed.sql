INSERT INTO vehicles VALUES (1, 2), (2, 4);
