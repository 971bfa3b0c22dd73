CREATE TABLE spans (id integer PRIMARY KEY, start_at date, end_at date);
