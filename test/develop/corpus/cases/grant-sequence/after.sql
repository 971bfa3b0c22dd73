CREATE SEQUENCE numbers;
GRANT USAGE ON SEQUENCE numbers TO pg_monitor;
