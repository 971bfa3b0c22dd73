import type { Database } from "../database";
import { type Page, type PageRequest, toPage } from "./page";

export interface NewCustomer {
  readonly email: string;
  readonly emailNormalised: string;
  readonly name: string;
}

export interface Customer {
  readonly id: number;
  readonly email: string;
  readonly name: string;
  readonly createdAt: string;
}

interface CustomerRow {
  /** bigint, which pg hands over as text. */
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly created_at: Date;
}

/** @returns undefined when the address belongs to a customer already. */
export async function insertCustomer(db: Database, customer: NewCustomer): Promise<Customer | undefined> {
  const { rows } = await db.query<CustomerRow>(
    `INSERT INTO customers (email, email_normalised, name) VALUES ($1, $2, $3)
     ON CONFLICT DO NOTHING
     RETURNING id, email, name, created_at`,
    [customer.email, customer.emailNormalised, customer.name],
  );
  return rows[0] && toCustomer(rows[0]);
}

export async function findCustomer(db: Database, id: number): Promise<Customer | undefined> {
  const { rows } = await db.query<CustomerRow>("SELECT id, email, name, created_at FROM customers WHERE id = $1", [id]);
  return rows[0] && toCustomer(rows[0]);
}

export async function listCustomers(db: Database, { after, limit }: PageRequest): Promise<Page<Customer>> {
  const { rows } = await db.query<CustomerRow>(
    "SELECT id, email, name, created_at FROM customers WHERE id > $1 ORDER BY id LIMIT $2",
    [after, limit + 1],
  );
  return toPage(rows.map(toCustomer), limit);
}

function toCustomer(row: CustomerRow): Customer {
  return { id: Number(row.id), email: row.email, name: row.name, createdAt: row.created_at.toISOString() };
}
