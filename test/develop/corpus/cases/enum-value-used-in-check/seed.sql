INSERT INTO people VALUES (1, 'ok', NULL), (2, 'sad', 'rain');
