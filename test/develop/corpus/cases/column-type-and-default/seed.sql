INSERT INTO settings VALUES (1, '1'), (2, '2');
