INSERT INTO logs (message) VALUES ('one'), ('two');
