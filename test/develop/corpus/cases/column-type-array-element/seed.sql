INSERT INTO series VALUES (1, '{1,2}'), (2, '{}');
