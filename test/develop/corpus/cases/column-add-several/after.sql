CREATE TABLE places (
  id integer PRIMARY KEY,
  latitude double precision,
  longitude double precision,
  opened date DEFAULT CURRENT_DATE
);
