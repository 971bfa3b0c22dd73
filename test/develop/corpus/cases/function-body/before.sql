CREATE FUNCTION with_tax(price integer) RETURNS integer LANGUAGE sql AS $$ SELECT price * 116 / 100 $$;
