-- migrate:up
ALTER TYPE payment_method RENAME TO payment_method_old;
CREATE TYPE payment_method AS ENUM ('card', 'transfer', 'invoice');
ALTER TABLE orders ALTER COLUMN payment DROP DEFAULT;
ALTER TABLE orders ALTER COLUMN payment TYPE payment_method
  USING (CASE payment::text WHEN 'card' THEN 'card' WHEN 'cheque' THEN 'transfer' ELSE 'invoice' END)::payment_method;
ALTER TABLE orders ALTER COLUMN payment SET DEFAULT 'card';
DROP TYPE payment_method_old;

-- migrate:down
ALTER TYPE payment_method RENAME TO payment_method_new;
CREATE TYPE payment_method AS ENUM ('cash', 'card', 'cheque');
ALTER TABLE orders ALTER COLUMN payment DROP DEFAULT;
ALTER TABLE orders ALTER COLUMN payment TYPE payment_method
  USING (CASE payment::text WHEN 'card' THEN 'card' WHEN 'transfer' THEN 'cheque' ELSE 'cash' END)::payment_method;
ALTER TABLE orders ALTER COLUMN payment SET DEFAULT 'cash';
DROP TYPE payment_method_new;
