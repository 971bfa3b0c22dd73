INSERT INTO t VALUES (1), (2);
SELECT setval('numbers', 17);
