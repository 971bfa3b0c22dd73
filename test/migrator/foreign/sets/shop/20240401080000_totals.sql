-- migrate:up
CREATE VIEW order_totals AS
  SELECT o.id, o.customer_id, coalesce(sum(i.quantity * p.price_gross), 0)::numeric(14, 2) AS total
    FROM orders o LEFT JOIN order_items i ON i.order_id = o.id LEFT JOIN products p USING (sku)
   GROUP BY o.id;

CREATE FUNCTION spent_by(customer bigint, since timestamptz DEFAULT '-infinity', OUT total numeric, OUT orders bigint)
  LANGUAGE sql STABLE PARALLEL SAFE
  AS 'SELECT coalesce(sum(t.total), 0), count(*) FROM order_totals t JOIN orders o USING (id)
       WHERE t.customer_id = customer AND o.placed_at >= since';

CREATE PROCEDURE forget_drafts(older_than interval) LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM orders WHERE status = 'draft' AND placed_at < now() - older_than;
END $$;

COMMENT ON VIEW order_totals IS 'gross; what is refunded included';
COMMENT ON FUNCTION spent_by(bigint, timestamptz) IS E'in the shop''s currency\nsince a time';

-- migrate:down
DROP PROCEDURE forget_drafts(interval);
DROP FUNCTION spent_by;
DROP VIEW order_totals;
