INSERT INTO "User" VALUES (1, 5), (2, 6);
INSERT INTO "Order Line" VALUES (1, 1), (2, NULL);
