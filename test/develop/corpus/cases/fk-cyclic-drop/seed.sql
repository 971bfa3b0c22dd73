INSERT INTO other VALUES (1), (2);
INSERT INTO departments VALUES (1, NULL), (2, NULL);
INSERT INTO employees VALUES (1, 1), (2, 2);
