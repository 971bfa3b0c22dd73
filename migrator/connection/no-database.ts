import { type SchemagateError, usageError } from "../errors";

/** Nothing names a database: exit 2. */
export function noDatabaseError(why?: string): SchemagateError {
  return usageError({
    code: "no-database-named",
    message: `no database is named${why ? `, and ${why}` : ""}`,
    hint: "Set DATABASE_URL (postgres://user@host:5432/database) or PGHOST, PGDATABASE and PGUSER; the password in PGPASSWORD.",
  });
}
