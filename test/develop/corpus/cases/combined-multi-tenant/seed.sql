INSERT INTO users VALUES (1, 'ada@example.org'), (2, 'grace@example.org');
INSERT INTO projects VALUES (1, 1, 'engine'), (2, 2, 'compiler');
