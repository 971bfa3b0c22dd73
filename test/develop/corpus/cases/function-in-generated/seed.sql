INSERT INTO items VALUES (1, ' ABC '), (2, NULL);
