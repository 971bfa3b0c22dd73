INSERT INTO events VALUES (1, 'a', '2025-06-01'), (2, 'a', '2025-07-01');
