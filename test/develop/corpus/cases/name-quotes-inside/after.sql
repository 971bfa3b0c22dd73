CREATE TABLE "say ""hi""" (id integer PRIMARY KEY, "it's" text CONSTRAINT "a ""check""" CHECK ("it's" <> ''));
CREATE TYPE "a'b" AS ENUM ('x');
