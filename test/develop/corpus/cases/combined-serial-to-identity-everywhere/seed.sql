INSERT INTO a (note) VALUES ('x'), ('y');
INSERT INTO b (a_id) VALUES (1), (2), (NULL);
INSERT INTO c (b_id) VALUES (1), (3);
