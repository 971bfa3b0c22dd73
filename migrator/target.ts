/** A database that a command acts on. */
export interface DatabaseTarget {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user?: string;
  /** Of the embedded PostgreSQL: where its data is. */
  readonly dataDir?: string;
  /** Scratch databases are made beside it; it is not touched itself. */
  readonly scratch?: true;
}

/** `database "orders" at db.example:5432 as "api"`. */
export function describeTarget({ host, port, database = "", user, dataDir, scratch }: Partial<DatabaseTarget>): string {
  if (dataDir !== undefined) {
    return `embedded PostgreSQL in ${dataDir} (database "${database}")`;
  }
  const name = `database "${database}" at ${host}:${port}${user ? ` as "${user}"` : ""}`;
  return scratch ? `scratch databases beside ${name}` : name;
}
