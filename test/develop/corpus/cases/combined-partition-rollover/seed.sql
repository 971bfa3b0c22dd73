INSERT INTO events VALUES (1, '2024-06-01', 'old'), (2, '2025-06-01', NULL);
