import { eq, gt } from "drizzle-orm";
import type { Database } from "../database";
import { customers } from "../models";
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

const shown = {
  id: customers.id,
  email: customers.email,
  name: customers.name,
  createdAt: customers.createdAt,
};

/** @returns undefined when the address belongs to a customer already. */
export async function insertCustomer(db: Database, customer: NewCustomer): Promise<Customer | undefined> {
  const [row] = await db.insert(customers).values(customer).onConflictDoNothing().returning(shown);
  return row && toCustomer(row);
}

export async function findCustomer(db: Database, id: number): Promise<Customer | undefined> {
  const [row] = await db.select(shown).from(customers).where(eq(customers.id, id));
  return row && toCustomer(row);
}

export async function listCustomers(db: Database, { after, limit }: PageRequest): Promise<Page<Customer>> {
  const rows = await db
    .select(shown)
    .from(customers)
    .where(gt(customers.id, after))
    .orderBy(customers.id)
    .limit(limit + 1);
  return toPage(rows.map(toCustomer), limit);
}

function toCustomer(row: Omit<Customer, "createdAt"> & { readonly createdAt: Date }): Customer {
  return { ...row, createdAt: row.createdAt.toISOString() };
}
