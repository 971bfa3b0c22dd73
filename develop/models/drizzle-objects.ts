import type { Problem } from "../../migrator/errors";

/** What all of Drizzle's classes carry, whichever copy of the package they come from. */
const entityKind = Symbol.for("drizzle:entityKind");
const isPgEnum = Symbol.for("drizzle:isPgEnum");
const nameOf = Symbol.for("drizzle:Name");
const schemaOf = Symbol.for("drizzle:Schema");

/** Whether a value is a table, an enum, a view or another object of Drizzle's. */
export function isDrizzle(value: unknown): boolean {
  return kindOf(value) !== undefined;
}

/** @returns for instance `PgTable`; undefined for anything that is not Drizzle's. */
function kindOf(value: unknown): string | undefined {
  if ((typeof value !== "object" && typeof value !== "function") || value === null) {
    return undefined;
  }
  if (isPgEnum in value) {
    return "PgEnum";
  }
  // Not value.constructor: a view answers that as one of its columns.
  const kind = Object.getPrototypeOf(value)?.constructor?.[entityKind];
  return typeof kind === "string" ? kind : undefined;
}

/** @returns what would be taken wrongly, silently: objects of another database, two tables of one name. */
export function checkObjects(objects: ReadonlySet<unknown>): Problem | undefined {
  const tables = new Map<string, unknown>();
  for (const object of objects) {
    const kind = kindOf(object) ?? "";
    if (/^(MySql|SQLite|SingleStore)/.test(kind)) {
      return {
        code: "not-postgres",
        message: `the models export a ${kind}, which is not for PostgreSQL`,
        hint: "Define it with what drizzle-orm/pg-core exports.",
      };
    }
    if (kind === "PgTable") {
      const { [schemaOf]: schema = "public", [nameOf]: name } = object as { [schemaOf]?: string; [nameOf]?: string };
      const qualified = `${schema}.${name}`;
      if (tables.has(qualified)) {
        return {
          code: "duplicate-table",
          message: `the models export two different tables ${qualified}`,
          hint: "Keep one: drizzle-kit would drop the other without a word.",
        };
      }
      tables.set(qualified, object);
    }
  }
  return undefined;
}
