INSERT INTO "Order" VALUES (1, 5, 'ada'), (2, NULL, NULL);
INSERT INTO "Old Stuff" VALUES (1, 'a'), (2, NULL);
