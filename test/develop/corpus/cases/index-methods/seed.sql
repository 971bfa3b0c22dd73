INSERT INTO things VALUES (1, '2026-01-31Z', '{"a": 1}', '(0,0),(1,1)', 'x'), (2, NULL, NULL, NULL, NULL);
