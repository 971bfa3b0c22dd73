INSERT INTO "größe der Tüte" VALUES (1), (2);
