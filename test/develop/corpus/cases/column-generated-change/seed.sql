INSERT INTO lines (id, cents) VALUES (1, 250), (2, 99);
