CREATE TYPE money_amount AS (cents bigint, currency text);
CREATE FUNCTION free() RETURNS money_amount LANGUAGE sql AS 'SELECT 0::bigint, ''EUR''';
