CREATE TABLE spans (id integer PRIMARY KEY, end_at date, start_at date);
