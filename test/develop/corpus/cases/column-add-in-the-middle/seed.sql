INSERT INTO people VALUES (1, 'Lovelace'), (2, 'Hopper');
