CREATE TABLE t (id integer PRIMARY KEY);
CREATE FUNCTION odd() RETURNS text LANGUAGE plpgsql AS $outer$
BEGIN
  -- a comment; with a semicolon and $$
  EXECUTE $$ SELECT 'it''s; $x$' $$;
  RETURN E'tab\t\\';
END
$outer$;
