INSERT INTO readings VALUES (1, 17), (2, NULL), (3, -4);
