import { quoteIdentifier } from "../connection/quote";
import { type Problem, refusal } from "../errors";
import { createLedgerSql } from "../ledger/tables";
import type { Step } from "../plan/plan";
import { compareNames, type Migration, type Source } from "../source/migration";
import { version } from "../version";
import { prepareSteps } from "./prepare";

/**
 * Writes the migrations of a range as one SQL script with the ledger's rows, for databases that only their administrators
 * reach. A script that is run twice stops at the first row it finds in the ledger.
 *
 * @param from the migration the database is at. @default none: an empty database
 * @param to the last migration to apply. @default the newest
 * @throws refused (exit 4) when the source has problems or holds what is no SQL.
 */
export async function writeOfflineScript(
  source: Source,
  ledgerSchema: string,
  from: string | undefined,
  to: string | undefined,
): Promise<string> {
  const inRange = ({ name }: Migration) =>
    (from === undefined || compareNames(name, from) > 0) && (to === undefined || compareNames(name, to) <= 0);
  const { beforeAll, afterAll } = source.hooks;
  const all = [
    ...(beforeAll ? [beforeAll] : []),
    ...source.migrations.filter(inRange),
    ...(to === undefined ? source.repeatables : []),
    ...(afterAll ? [afterAll] : []),
  ];
  const problems = [...source.problems, ...all.flatMap(moduleProblem)];
  if (problems.length > 0) {
    throw refusal(problems);
  }
  await prepareSteps(all.map((migration): Step => ({ direction: "up", role: "migration", migration })));
  const range = `${from ? `behind ${from}` : "from an empty database"} to ${to ?? "the newest"}`;
  return [
    `-- schemagate ${version}: ${range}. Run it with ON_ERROR_STOP, in one session.`,
    createLedgerSql(ledgerSchema, { withSchema: true }),
    ...all.map((migration) => scriptOf(migration, quoteIdentifier(ledgerSchema))),
  ].join("\n\n");
}

function moduleProblem({ kind, name, file }: Migration): Problem[] {
  return kind === "sql"
    ? []
    : [
        {
          code: "not-sql",
          message: `migration ${name} is code (${file}) and cannot be part of an SQL script`,
          hint: "Write scripts up to it and behind it with --to and --from, and run it with `up --steps 1` in between.",
        },
      ];
}

/** Where it is only a comment that says so, the row comes last for nothing. */
const setsTransaction = /\bset\s+(local\s+|session\s+)?transaction/i;

function scriptOf(migration: Migration, schema: string): string {
  const up = migration.kind === "sql" ? migration.up : undefined;
  const sql = up?.sql.trim() ?? "";
  const row = ledgerRow(migration, schema);
  // The row comes first, so that a second run of the script fails before it changes anything; but SET TRANSACTION does.
  const isRowFirst = up?.transaction && !setsTransaction.test(sql);
  const whole = isRowFirst ? [row, terminated(sql)] : [terminated(sql), row];
  const body = up?.transaction ? ["BEGIN;", ...whole, "COMMIT;"] : whole;
  return [`-- ${migration.name}`, ...body.filter(Boolean)].join("\n");
}

function ledgerRow({ name, checksum }: Migration, schema: string): string {
  if (name.startsWith("hooks/")) {
    return "";
  }
  const [action, conflict] = name.includes("/")
    ? ["repeat", " ON CONFLICT (name) DO UPDATE SET checksum = excluded.checksum, applied_at = excluded.applied_at"]
    : ["up", ""];
  const values = `'${name.replaceAll("'", "''")}', '${checksum}'`;
  return [
    `INSERT INTO ${schema}.migrations (name, checksum) VALUES (${values})${conflict};`,
    `INSERT INTO ${schema}.runs (action, name, checksum, outcome, duration_ms, replica, tool_version)`,
    `  VALUES ('${action}', ${values}, 'applied', 0, 'offline script', '${version}');`,
  ].join("\n");
}

/** A last statement may end in a comment, behind which a semicolon would be lost. */
function terminated(sql: string): string {
  return /;\s*$/.test(sql) ? sql : `${sql}\n;`;
}
