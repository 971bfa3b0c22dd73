INSERT INTO items VALUES (1, 'ada'), (2, NULL);
