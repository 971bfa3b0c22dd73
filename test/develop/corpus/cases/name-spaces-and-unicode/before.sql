CREATE TABLE "größe der Tüte" (id integer PRIMARY KEY);
