-- migrate:up
CREATE FUNCTION refuse_sixth_draft() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (SELECT count(*) FROM orders WHERE customer_id = NEW.customer_id AND status = 'draft') > 5 THEN
    RAISE EXCEPTION 'customer % has five drafts already', NEW.customer_id USING ERRCODE = '23514';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER orders_five_drafts AFTER INSERT OR UPDATE OF status ON orders
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse_sixth_draft();
CREATE RULE categories_stay AS ON DELETE TO categories DO INSTEAD NOTHING;

-- migrate:down
DROP RULE categories_stay ON categories;
DROP TRIGGER orders_five_drafts ON orders;
DROP FUNCTION refuse_sixth_draft();
