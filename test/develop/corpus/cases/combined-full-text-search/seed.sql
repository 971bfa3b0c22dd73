INSERT INTO documents VALUES (1, 'Cats', 'and dogs'), (2, 'Dogs', NULL);
