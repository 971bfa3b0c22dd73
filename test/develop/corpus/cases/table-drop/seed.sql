INSERT INTO kept VALUES (1), (2);
INSERT INTO dropped VALUES (1, 'one'), (2, 'two');
