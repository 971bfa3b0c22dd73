INSERT INTO shops VALUES (1, 'de'), (2, 'at');
