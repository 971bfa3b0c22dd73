INSERT INTO billing.invoices (note) VALUES ('a'), ('b');
