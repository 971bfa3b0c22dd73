INSERT INTO addresses VALUES (1, 'Berlin'), (2, NULL);
