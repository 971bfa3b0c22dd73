import type { Database } from "../database";
import { type Page, type PageRequest, toPage } from "./page";

export interface OrderLine {
  readonly sku: string;
  readonly quantity: number;
  readonly unitPriceCents: number;
}

export interface NewOrder {
  readonly customerId: number;
  /** ISO 4217. */
  readonly currency: string;
  readonly lines: readonly OrderLine[];
}

export interface Order extends NewOrder {
  readonly id: number;
  readonly status: string;
  readonly placedAt: string;
  readonly totalCents: number;
}

interface OrderRow {
  /** bigint, which pg hands over as text. */
  readonly id: string;
  readonly customer_id: string;
  readonly currency: string;
  readonly status: string;
  readonly placed_at: Date;
  readonly lines: readonly OrderLine[];
}

const selectOrders = `
  SELECT id, customer_id, currency, status, placed_at,
         (SELECT json_agg(json_build_object('sku', sku, 'quantity', quantity, 'unitPriceCents', unit_price_cents)
                          ORDER BY line_number)
            FROM order_lines WHERE order_id = orders.id) AS lines
    FROM orders`;

/**
 * Stores an order with its lines, in one statement and so all or nothing.
 *
 * @returns undefined when the customer does not exist.
 */
export async function insertOrder(db: Database, order: NewOrder): Promise<Order | undefined> {
  const { rows } = await db.query<{ id: string }>(
    `WITH placed AS (
       INSERT INTO orders (customer_id, currency) SELECT id, $2 FROM customers WHERE id = $1 RETURNING id
     ), lines AS (
       INSERT INTO order_lines (order_id, line_number, sku, quantity, unit_price_cents)
       SELECT placed.id, line.number, line.sku, line.quantity, line.unit_price_cents
         FROM placed, unnest($3::text[], $4::integer[], $5::bigint[])
                      WITH ORDINALITY AS line (sku, quantity, unit_price_cents, number)
     )
     SELECT id FROM placed`,
    [
      order.customerId,
      order.currency,
      order.lines.map((line) => line.sku),
      order.lines.map((line) => line.quantity),
      order.lines.map((line) => line.unitPriceCents),
    ],
  );
  return rows[0] && findOrder(db, Number(rows[0].id));
}

export async function findOrder(db: Database, id: number): Promise<Order | undefined> {
  const { rows } = await db.query<OrderRow>(`${selectOrders} WHERE id = $1`, [id]);
  return rows[0] && toOrder(rows[0]);
}

/** @param customerId only this customer's orders; undefined lists all. */
export async function listOrders(
  db: Database,
  customerId: number | undefined,
  { after, limit }: PageRequest,
): Promise<Page<Order>> {
  const { rows } = await db.query<OrderRow>(
    `${selectOrders} WHERE id > $1 AND ($2::bigint IS NULL OR customer_id = $2) ORDER BY id LIMIT $3`,
    [after, customerId ?? null, limit + 1],
  );
  return toPage(rows.map(toOrder), limit);
}

function toOrder(row: OrderRow): Order {
  const lines = row.lines ?? [];
  return {
    id: Number(row.id),
    customerId: Number(row.customer_id),
    currency: row.currency,
    status: row.status,
    placedAt: row.placed_at.toISOString(),
    lines,
    totalCents: lines.reduce((total, line) => total + line.quantity * line.unitPriceCents, 0),
  };
}
