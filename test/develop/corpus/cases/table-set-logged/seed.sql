INSERT INTO hits VALUES (1, '/'), (2, '/about');
