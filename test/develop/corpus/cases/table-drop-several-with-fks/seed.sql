INSERT INTO zones VALUES (1), (2);
INSERT INTO warehouses VALUES (1, 1), (2, 2);
INSERT INTO bins VALUES (1, 1), (2, 2);
