INSERT INTO countries VALUES ('DEU'), ('FRA');
