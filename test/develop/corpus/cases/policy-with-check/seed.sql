INSERT INTO notes VALUES (1, 'ada'), (2, NULL);
