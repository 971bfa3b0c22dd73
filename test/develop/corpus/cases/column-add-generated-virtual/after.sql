CREATE TABLE lines (
  id integer PRIMARY KEY,
  quantity integer NOT NULL,
  price integer NOT NULL,
  total integer GENERATED ALWAYS AS (quantity * price) VIRTUAL
);
