INSERT INTO logs VALUES ('one'), ('two');
