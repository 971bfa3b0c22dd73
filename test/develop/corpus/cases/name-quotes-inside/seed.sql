INSERT INTO "say ""hi""" VALUES (1), (2);
