import { type SchemagateError, usageError } from "../errors";

/** Nothing names a database: exit 2. @param remedy what else would help, behind a space. */
export function noDatabaseError(why?: string, remedy = ""): SchemagateError {
  return usageError({
    code: "no-database-named",
    message: `no database is named${why ? `, and ${why}` : ""}`,
    hint:
      "Set DATABASE_URL (postgres://user@host:5432/database) or PGHOST, PGDATABASE and PGUSER; the password in " +
      `PGPASSWORD.${remedy}`,
  });
}
