import type { TestDatabase } from "../../../support/database";

/** Everything that a run may change, one fact a line; without what differs from run to run by nature. */
export async function describeState(database: TestDatabase): Promise<string[]> {
  const tables = await database.query(
    "SELECT schemaname || '.' || tablename AS name FROM pg_tables WHERE schemaname IN ('elsewhere', 'public') ORDER BY 1",
  );
  const rows = tables.map(({ name }) => `SELECT 'row of ${name}: ' || t::text FROM ${name} t ORDER BY 1`);
  const facts = [];
  for (const sql of [...stateQueries, ...rows]) {
    facts.push(...(await database.query(`SELECT fact FROM (${sql}) AS facts (fact)`)));
  }
  return facts.map(({ fact }) => String(fact));
}

const stateQueries = [
  `SELECT 'relation: ' || c.relkind::text || ' ' || c.oid::regclass || ' ' ||
          (SELECT string_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod), ', ' ORDER BY a.attnum)
             FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)
     FROM pg_class c WHERE c.relnamespace IN ('elsewhere'::regnamespace, 'public'::regnamespace) ORDER BY c.relname`,
  `SELECT 'index: ' || pg_get_indexdef(i.indexrelid) || CASE WHEN i.indisvalid THEN ' valid' ELSE ' INVALID' END
     FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
    WHERE c.relnamespace IN ('elsewhere'::regnamespace, 'public'::regnamespace) ORDER BY c.relname`,
  `SELECT 'partition: ' || inhrelid::regclass || CASE WHEN inhdetachpending THEN ' PENDING DETACH' ELSE '' END
     FROM pg_inherits ORDER BY inhrelid::regclass::text`,
  `SELECT 'view: ' || viewname || ' ' || definition FROM pg_views WHERE schemaname = 'public' ORDER BY 1`,
  "SELECT 'ledger: format ' || format FROM schemagate.format",
  `SELECT 'ledger: ' || row_number() OVER (ORDER BY sequence) || ' ' || name || ' ' || checksum || ' ' ||
          coalesce(progress::text, 'done') FROM schemagate.migrations ORDER BY sequence`,
  // Hooks before a run belong to each run that has something to do, the one that was killed and the next.
  `SELECT 'run: ' || action || ' ' || name || ' ' || outcome ||
          CASE name WHEN 'hooks/beforeAll' THEN '' ELSE ' ' || count(*) || ' times' END
     FROM schemagate.runs GROUP BY action, name, outcome ORDER BY 1`,
  `SELECT 'lock: held by ' || pid FROM pg_locks
    WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
];

/** What is there and should not be, and the other way round. */
export function difference(expected: readonly string[], found: readonly string[]): string[] {
  return [
    ...subtract(expected, found).map((line) => `missing: ${line}`),
    ...subtract(found, expected).map((line) => `too much: ${line}`),
  ];
}

/** Each line counts as often as it is there. */
function subtract(lines: readonly string[], others: readonly string[]): string[] {
  const left = [...others];
  return lines.filter((line) => {
    const index = left.indexOf(line);
    if (index !== -1) {
      left.splice(index, 1);
    }
    return index === -1;
  });
}
