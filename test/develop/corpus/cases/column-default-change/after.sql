CREATE TABLE customers (
  id integer PRIMARY KEY,
  country text DEFAULT 'AT',
  since timestamptz DEFAULT now() + interval '1 day'
);
