INSERT INTO notes VALUES (1, 'ada', true), (2, NULL, NULL);
