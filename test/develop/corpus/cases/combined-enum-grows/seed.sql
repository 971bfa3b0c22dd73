INSERT INTO orders VALUES (1, 'open', NULL), (2, 'paid', '2026-01-31Z');
