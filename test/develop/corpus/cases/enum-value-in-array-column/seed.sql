INSERT INTO people VALUES (1, '{ok,sad}'), (2, '{}');
