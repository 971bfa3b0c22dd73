INSERT INTO last VALUES (1, 'one'), (2, 'two');
