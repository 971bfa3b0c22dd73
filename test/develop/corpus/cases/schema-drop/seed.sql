INSERT INTO t VALUES (1), (2);
INSERT INTO billing.invoices VALUES (1, 1), (2, NULL);
