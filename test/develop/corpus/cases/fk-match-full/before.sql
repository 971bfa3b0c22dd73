CREATE TABLE halls (site integer, number integer, PRIMARY KEY (site, number));
CREATE TABLE shows (id integer PRIMARY KEY, site integer, hall integer,
  CONSTRAINT shows_hall FOREIGN KEY (site, hall) REFERENCES halls);
