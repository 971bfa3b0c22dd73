INSERT INTO replies VALUES (1, 'Yes'), (2, NULL);
