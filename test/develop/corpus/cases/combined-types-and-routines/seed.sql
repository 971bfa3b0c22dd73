INSERT INTO sensors VALUES (1, 'on'), (2, 'off');
