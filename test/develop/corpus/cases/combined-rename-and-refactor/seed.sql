INSERT INTO clients (mail, name) VALUES ('ada@example.org', 'Ada'), ('grace@example.org', NULL);
INSERT INTO orders VALUES (1, 1), (2, 2);
