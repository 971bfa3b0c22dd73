CREATE TABLE halls (site integer, number integer, PRIMARY KEY (site, number));
CREATE TABLE shows (id integer PRIMARY KEY, site integer NOT NULL, hall integer NOT NULL);
