INSERT INTO people VALUES (1, 'b'), (2, 'd');
