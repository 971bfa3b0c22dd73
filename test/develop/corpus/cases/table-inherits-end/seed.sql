INSERT INTO vehicles VALUES (1), (2);
INSERT INTO trucks VALUES (3, 900), (4, 700);
