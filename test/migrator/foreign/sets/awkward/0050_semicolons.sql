-- migrate:up
;
CREATE TABLE marks (id integer)
;;
  ; /* ; */ ;
CREATE TABLE more_marks (
  id integer DEFAULT 1 -- ; not here
  , note text DEFAULT ';' || $$;$$ || $a$ $$;$$ $a$ || E'\';' /* nor ; /* here ; */ ; */
); COMMENT ON TABLE marks IS ';'; INSERT INTO more_marks DEFAULT VALUES
;
CREATE RULE marks_copied AS ON INSERT TO marks DO ALSO (INSERT INTO more_marks (id) VALUES (NEW.id); NOTIFY marks);
INSERT INTO marks VALUES (2)

-- migrate:down

;DROP TABLE marks;;DROP TABLE more_marks;;
