-- migrate:up transaction:false
;; -- nothing; yet
CREATE FUNCTION count_marks() RETURNS bigint LANGUAGE sql
  BEGIN ATOMIC
    SELECT 1;
    SELECT count(*) FROM marks;
  END;
;
/* ; */ CREATE INDEX CONCURRENTLY marks_id ON marks (id); ;

-- migrate:down
DROP INDEX marks_id;; DROP FUNCTION count_marks()
