INSERT INTO people VALUES (1, ROW('Elm', 'Rome')), (2, NULL);
