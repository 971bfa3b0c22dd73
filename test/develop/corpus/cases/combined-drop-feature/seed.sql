INSERT INTO users VALUES (1, NULL), (2, 'gold');
INSERT INTO awards VALUES (1, 1, 'silver'), (2, 2, 'gold');
