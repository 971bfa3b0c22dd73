INSERT INTO a VALUES (1, 'was a'), (2, 'was a, too');
INSERT INTO b VALUES (1, 'was b');
