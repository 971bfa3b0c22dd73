import { nothingLeft, setDirectory, travelAlone } from "./support";

const set = {
  dir: setDirectory("shop"),
  seeds: [
    {
      behind: "20240110120000",
      sql: `
        INSERT INTO customers (first_name, last_name, email)
          VALUES ('Ada', 'King Noel', 'ada@example.org'), ('Plato', '', 'plato@example.org');
        INSERT INTO products (sku, name, price_net)
          VALUES ('BOOK0001', 'Running notes', 10), ('PEN00001', 'A pen', 1.05);
        INSERT INTO orders (customer_id, payment, status)
          VALUES (1, 'cash', 'new'), (1, 'card', 'paid'), (2, 'cheque', 'shipped');
        INSERT INTO order_items VALUES (1, 1, 'BOOK0001', 0), (1, 2, 'PEN00001', 4), (3, 1, 'BOOK0001', -2)`,
    },
    {
      behind: "20240315080000",
      sql: `
        INSERT INTO orders (customer_id) VALUES (2);
        INSERT INTO order_items VALUES (4, 1, 'PEN00001', 7);
        DELETE FROM order_items WHERE order_id = 3`,
    },
  ],
  facts: {
    customers: "SELECT id::integer, full_name FROM customers ORDER BY id",
    orders: "SELECT id::integer, status, payment FROM orders ORDER BY id",
    items: "SELECT order_id::integer AS order, quantity FROM order_items ORDER BY order_id, position",
    stock: "SELECT sku, change, why FROM stock_moves ORDER BY id",
    totals: "SELECT id::integer, total FROM order_totals ORDER BY id",
    states: "SELECT enum_range(NULL::order_status)::text AS states",
  },
};

test("a shop in dbmate's format goes up, down and up again, and leaves nothing behind", async () => {
  const { facts, ...trip } = await travelAlone(set);

  expect(trip).toEqual(nothingLeft(set));
  expect(facts).toEqual({
    customers: [
      { id: 1, full_name: "Ada King Noel" },
      { id: 2, full_name: "Plato" },
    ],
    orders: [
      { id: 1, status: "new", payment: "invoice" },
      { id: 2, status: "paid", payment: "card" },
      { id: 3, status: "shipped", payment: "transfer" },
      { id: 4, status: "draft", payment: "card" },
    ],
    items: [
      { order: 1, quantity: 1 },
      { order: 1, quantity: 4 },
      { order: 4, quantity: 7 },
    ],
    stock: [
      { sku: "BOOK0001", change: -2, why: "sold before stock was kept" },
      { sku: "PEN00001", change: -4, why: "sold before stock was kept" },
      { sku: "PEN00001", change: -7, why: 'sold; it\'s sold; see "orders" -- migrate:down' },
      { sku: "BOOK0001", change: 1, why: 'back; it\'s sold; see "orders"' },
    ],
    totals: [
      { id: 1, total: "16.90" },
      { id: 2, total: "0.00" },
      { id: 3, total: "0.00" },
      { id: 4, total: "8.75" },
    ],
    states: [{ states: "{draft,new,paid,refunded,shipped}" }],
  });
});
