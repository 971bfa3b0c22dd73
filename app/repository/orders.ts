import { and, eq, getTableColumns, gt, sql } from "drizzle-orm";
import type { Database } from "../database";
import { orderLines, orders } from "../models";
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

/** A query of orders, each with its lines in order. */
function selectOrders(db: Database) {
  const { sku, quantity, unitPriceCents, lineNumber, orderId } = orderLines;
  const line = sql`json_build_object('sku', ${sku}, 'quantity', ${quantity}, 'unitPriceCents', ${unitPriceCents})`;
  const lines = db
    .select({ all: sql`json_agg(${line} ORDER BY ${lineNumber})` })
    .from(orderLines)
    .where(eq(orderId, orders.id));
  return db.select({ ...getTableColumns(orders), lines: sql<readonly OrderLine[] | null>`${lines}` }).from(orders);
}

type OrderRow = Awaited<ReturnType<typeof selectOrders>>[number];

/**
 * Stores an order with its lines, in one statement and so all or nothing.
 *
 * @returns undefined when the customer does not exist.
 */
export async function insertOrder(db: Database, order: NewOrder): Promise<Order | undefined> {
  const { rows } = await db.execute<{ id: string }>(sql`
    WITH placed AS (
      INSERT INTO orders (customer_id, currency)
      SELECT id, ${order.currency} FROM customers WHERE id = ${order.customerId} RETURNING id
    ), lines AS (
      INSERT INTO order_lines (order_id, line_number, sku, quantity, unit_price_cents)
      SELECT placed.id, line.number, line.sku, line.quantity, line.unit_price_cents
        FROM placed, unnest(${column(order.lines, "sku")}::text[], ${column(order.lines, "quantity")}::integer[],
                            ${column(order.lines, "unitPriceCents")}::bigint[])
                     WITH ORDINALITY AS line (sku, quantity, unit_price_cents, number)
    )
    SELECT id FROM placed`);
  return rows[0] && findOrder(db, Number(rows[0].id));
}

/** One parameter: an array in a template would become one parameter for each element. */
function column(lines: readonly OrderLine[], name: keyof OrderLine) {
  return sql.param(lines.map((line) => line[name]));
}

export async function findOrder(db: Database, id: number): Promise<Order | undefined> {
  const [row] = await selectOrders(db).where(eq(orders.id, id));
  return row && toOrder(row);
}

/** @param customerId only this customer's orders; undefined lists all. */
export async function listOrders(
  db: Database,
  customerId: number | undefined,
  { after, limit }: PageRequest,
): Promise<Page<Order>> {
  const rows = await selectOrders(db)
    .where(and(gt(orders.id, after), customerId === undefined ? undefined : eq(orders.customerId, customerId)))
    .orderBy(orders.id)
    .limit(limit + 1);
  return toPage(rows.map(toOrder), limit);
}

function toOrder(row: OrderRow): Order {
  const lines = row.lines ?? [];
  return {
    ...row,
    placedAt: row.placedAt.toISOString(),
    lines,
    totalCents: lines.reduce((total, line) => total + line.quantity * line.unitPriceCents, 0),
  };
}
