CREATE TABLE people (id integer PRIMARY KEY);
CREATE TABLE folk (id integer);
