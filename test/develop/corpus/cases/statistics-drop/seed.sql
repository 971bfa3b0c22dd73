INSERT INTO addresses VALUES (1, 'Berlin', '10115'), (2, NULL, NULL);
