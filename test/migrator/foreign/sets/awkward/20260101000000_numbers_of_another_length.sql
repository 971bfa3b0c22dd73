-- migrate:up
CREATE TABLE behind_the_small_numbers AS SELECT current_schema() AS schema;
-- migrate:down
DROP TABLE behind_the_small_numbers;
