import type { Scratch, ScratchDatabase } from "../scratch/scratch";

/** Statements that must be committed before others, and the database after them. */
export interface EnumValues {
  readonly statements: readonly string[];
  readonly database: ScratchDatabase;
}

const addsValue = /^ALTER TYPE \S+ ADD VALUE\b/;
/** PostgreSQL's errcodes.txt: unsafe_new_enum_value_usage. */
const unsafeUse = "55P04";

/**
 * A new value of an enum cannot be used by the transaction that adds it. Where the statements would do that, the ones that
 * add values come first, for a migration of their own; most migrations add a value and do not use it.
 *
 * @param renames come before everything.
 */
export async function splitEnumValues(
  scratch: Scratch,
  start: ScratchDatabase,
  renames: readonly string[],
  others: readonly string[],
): Promise<[EnumValues | undefined, readonly string[]]> {
  const statements = [...renames, ...others];
  if (!others.some((sql) => addsValue.test(sql)) || others.every((sql) => addsValue.test(sql))) {
    return [undefined, statements];
  }
  const together = await scratch.copy(start, "together");
  const code = await together.connect((client) =>
    client.query(`BEGIN;${statements.join(";")};COMMIT`).then(
      () => undefined,
      (error) => error.code,
    ),
  );
  await together.drop();
  if (code !== unsafeUse) {
    return [undefined, statements];
  }
  const first = [...renames, ...others.filter((sql) => addsValue.test(sql))];
  const database = await scratch.copy(start, "values");
  await database.connect((client) => client.query(first.join(";")));
  return [{ statements: first, database }, others.filter((sql) => !addsValue.test(sql))];
}
