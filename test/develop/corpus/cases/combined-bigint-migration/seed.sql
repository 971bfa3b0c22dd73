INSERT INTO orders (placed_at) VALUES ('2026-01-31Z'), ('2026-02-01Z');
INSERT INTO lines VALUES (1, 1, 5), (2, 2, 1), (3, 2, 7);
