import type { Client } from "pg";
import { exitCodes, SchemagateError } from "../errors";
import type { CreateIndex, Online, RelationName } from "../source/online";
import type { StepContext } from "./context";
import { findIndexesOf, findInvalidIndexes, type Index, type TableIndex, writeName } from "./indexes";

/** What of an online statement an earlier try may have left behind, and how it is known. */
interface Traces {
  /** Oids of indexes that were invalid before the migration began: they are not its own. */
  readonly invalidBefore: readonly number[];
}

/** Names that REINDEX CONCURRENTLY gives to an index it builds, and to the one it replaces. */
const ofReindex = /_cc(new|old)\d*"?$/;

/**
 * Whether what a statement brings about is there.
 *
 * @param indexesBefore oids of the table's indexes before it ran, by which an index is found that PostgreSQL named.
 */
export async function isThere(
  client: Client,
  online: Online,
  indexesBefore: readonly number[] | undefined,
): Promise<boolean> {
  switch (online.action) {
    case "create-index": {
      const indexes = (await findIndexesOf(client, online.table)).filter(({ isValid }) => isValid);
      const isNew = ({ oid }: Index) => indexesBefore?.includes(oid) === false;
      return online.name === undefined
        ? indexes.some((index) => isNew(index) && isMadeOf(online, index))
        : indexes.some(({ bareName }) => bareName === online.name);
    }
    case "drop-index":
      return !(await exists(client, online.index));
    case "detach":
      return (await attachment(client, online)) === "detached";
    default:
      return false;
  }
}

/** Oids of a table's indexes, where only by them a new one can be found. */
export async function oidsBefore(client: Client, online: Online): Promise<readonly number[] | undefined> {
  return online.action === "create-index" && online.name === undefined
    ? (await findIndexesOf(client, online.table)).map(({ oid }) => oid)
    : undefined;
}

/**
 * Makes way for a statement: drops what a try of it that failed left behind, for which IF NOT EXISTS would take it too.
 *
 * @returns the statement to run: for a partition whose detaching was begun, the one that ends it.
 */
export async function makeWay(
  { client, report }: Pick<StepContext, "client" | "report">,
  migration: string,
  online: Online,
  sql: string,
  traces: Traces,
): Promise<string> {
  if (online.action === "detach" && (await attachment(client, online)) === "pending") {
    const [parent, partition] = [writeName(online.parent), writeName(online.partition)];
    report({
      event: "warning",
      code: "pending-detach",
      message: `${migration}: DETACH PARTITION ${partition} CONCURRENTLY was begun earlier and did not end`,
      hint: "It is ended with FINALIZE.",
    });
    return `ALTER TABLE ${parent} DETACH PARTITION ${partition} FINALIZE`;
  }
  for (const { name } of await leftBehind(client, online, traces)) {
    report({
      event: "warning",
      code: "invalid-index",
      message: `${migration}: a statement that failed earlier left the invalid index ${name}`,
      hint: "It is dropped, and the statement runs.",
    });
    await client.query(`DROP INDEX CONCURRENTLY IF EXISTS ${name}`).catch((cause) => {
      throw cause.code === "42501" ? notOurs(migration, name, cause) : cause;
    });
  }
  return sql;
}

/** Who owns a table may rebuild the index of its TOAST table, and not drop what failed of it. */
function notOurs(migration: string, name: string, cause: Error): SchemagateError {
  return new SchemagateError({
    code: "invalid-index",
    message: `${migration}: the invalid index ${name} is in the way, and this role may not drop it: ${cause.message}`,
    hint:
      `Let its owner, for one in pg_toast a superuser, run DROP INDEX CONCURRENTLY ${name}; then run again. Where nobody can, ` +
      "clear the migration with `repair`: it runs from its beginning, and what is invalid by then stays.",
    exitCode: exitCodes.partial,
    cause,
  });
}

async function leftBehind(client: Client, online: Online, { invalidBefore }: Traces): Promise<readonly Index[]> {
  const isOurs = ({ oid }: Index) => !invalidBefore.includes(oid);
  if (online.action === "create-index") {
    const indexes = (await findIndexesOf(client, online.table)).filter(({ isValid }) => !isValid);
    // One of the name that is asked for is in the way, whoever left it; one of another name, by a try before the edit.
    return indexes.filter((index) => index.bareName === online.name || (isOurs(index) && isMadeOf(online, index)));
  }
  return online.action === "reindex"
    ? (await findInvalidIndexes(client)).filter((index) => isOurs(index) && ofReindex.test(index.name))
    : [];
}

/** Whether an index is made of what CREATE INDEX says, as far as its text tells. */
function isMadeOf(create: CreateIndex, index: TableIndex): boolean {
  return (
    index.isUnique === create.unique &&
    index.method === create.method &&
    index.hasPredicate === create.hasPredicate &&
    JSON.stringify(index.columns) === JSON.stringify(create.columns)
  );
}

async function exists(client: Client, name: RelationName): Promise<boolean> {
  const { rows } = await client.query("SELECT to_regclass($1) IS NOT NULL AS exists", [writeName(name)]);
  return rows[0]?.exists === true;
}

/** How a table and its partition belong together; undefined where one of them is missing. */
async function attachment(
  client: Client,
  { parent, partition }: Extract<Online, { action: "detach" }>,
): Promise<"attached" | "pending" | "detached" | undefined> {
  const { rows } = await client.query(
    `SELECT CASE WHEN i.inhrelid IS NULL THEN 'detached' WHEN i.inhdetachpending THEN 'pending' ELSE 'attached' END AS state
       FROM (SELECT to_regclass($1) AS parent, to_regclass($2) AS partition) AS names
       LEFT JOIN pg_inherits i ON i.inhparent = parent AND i.inhrelid = partition
      WHERE parent IS NOT NULL AND partition IS NOT NULL`,
    [writeName(parent), writeName(partition)],
  );
  return rows[0]?.state;
}
