import type { Problem } from "./errors";
import type { LedgerRow } from "./ledger";
import { shortChecksum } from "./source/checksum";
import { compareNames, type Migration, type Source } from "./source/migration";

/** What to do where source and ledger differ in a way that teams judge differently. */
export interface Policy {
  /** A database newer than the image: a rollback, or an old replica that restarts. @default "pass" */
  readonly ahead: "pass" | "refuse";
  /** A pending migration older than the newest applied one: two branches met. @default "refuse" */
  readonly outOfOrder: "refuse" | "allow";
}

/** One migration to run. */
export interface Step {
  readonly direction: "up" | "down";
  readonly migration: Migration;
  /** Where a migration without a transaction stopped in an earlier run. */
  readonly resume?: LedgerRow["progress"];
}

/** What a run would do: the steps in order, or the problems for which it refuses to do anything. */
export interface Plan {
  readonly steps: readonly Step[];
  readonly warnings: readonly Problem[];
  readonly problems: readonly Problem[];
}

/** How each migration of source and ledger stands; the rows of `status`. */
export type MigrationState = "applied" | "pending" | "out-of-order" | "partial" | "edited" | "missing" | "ahead";

export interface Standing {
  readonly name: string;
  readonly state: MigrationState;
  readonly migration?: Migration;
  readonly row?: LedgerRow;
}

/** Compares source and ledger, in order of version. */
export function compare(source: Source, ledger: readonly LedgerRow[]): Standing[] {
  const rows = new Map(ledger.map((row) => [row.name, row]));
  const newest = newestApplied(ledger);
  const newestInSource = source.migrations.at(-1)?.name;
  const known = source.migrations.map((migration): Standing => {
    const row = rows.get(migration.name);
    const late = newest !== undefined && compareNames(migration.name, newest) < 0;
    return { name: migration.name, migration, row, state: stateOf(migration, row, late) };
  });
  const names = new Set(source.migrations.map((migration) => migration.name));
  const unknown = ledger
    .filter((row) => !names.has(row.name))
    .map((row): Standing => {
      const ahead = newestInSource !== undefined && compareNames(row.name, newestInSource) > 0;
      return { name: row.name, row, state: ahead ? "ahead" : "missing" };
    });
  return [...known, ...unknown].sort((a, b) => compareNames(a.name, b.name));
}

function stateOf(migration: Migration, row: LedgerRow | undefined, late: boolean): MigrationState {
  if (!row) {
    return late ? "out-of-order" : "pending";
  }
  // A partial migration may be edited behind the statements that ran; the runner compares those.
  if (row.progress) {
    return "partial";
  }
  return row.checksum === migration.checksum ? "applied" : "edited";
}

/** Name of the newest applied migration, by version. */
export function newestApplied(ledger: readonly LedgerRow[]): string | undefined {
  return ledger
    .map((row) => row.name)
    .sort(compareNames)
    .at(-1);
}

/** Whether the app may start: nothing is pending and nothing is wrong. Ahead is open unless the policy refuses it. */
export function isGateOpen(source: Source, ledger: readonly LedgerRow[], policy: Policy): boolean {
  const { steps, problems } = planUp(source, ledger, policy);
  return steps.length === 0 && problems.length === 0;
}

/** Plans `up`: all pending migrations in order, or every reason not to. */
export function planUp(source: Source, ledger: readonly LedgerRow[], policy: Policy): Plan {
  const standings = compare(source, ledger);
  const problems = [...source.problems, ...standings.flatMap((standing) => upProblems(standing, policy))];
  const ahead = standings.filter((standing) => standing.state === "ahead");
  const warnings = ahead.length > 0 ? [aheadProblem(ahead)] : [];
  if (policy.ahead === "refuse") {
    problems.push(...warnings);
  }
  const steps = standings.flatMap(({ state, migration, row }): Step[] =>
    migration && (state === "pending" || state === "out-of-order" || state === "partial")
      ? [{ direction: "up", migration, resume: row?.progress }]
      : [],
  );
  return { steps: problems.length > 0 ? [] : steps, warnings: policy.ahead === "refuse" ? [] : warnings, problems };
}

function upProblems({ name, state, migration, row }: Standing, policy: Policy): Problem[] {
  if (state === "edited" && migration && row) {
    return [editedProblem(migration, row)];
  }
  if (state === "missing") {
    return [missingProblem(name)];
  }
  if (state === "out-of-order" && policy.outOfOrder === "refuse") {
    return [
      {
        code: "out-of-order",
        message: `migration ${name} is pending, but newer migrations are applied already: two branches met`,
        hint: "Rename the file with a timestamp of now, or accept the order with `--out-of-order allow`.",
      },
    ];
  }
  if (state === "partial" && row?.progress?.direction === "down") {
    return [
      {
        code: "partial-down",
        message: `the down of migration ${name} stopped after ${row.progress.done} of ${row.progress.total} statements`,
        hint: "Run `down` again to finish it.",
      },
    ];
  }
  return [];
}

function editedProblem(migration: Migration, row: LedgerRow): Problem {
  return {
    code: "checksum-mismatch",
    message:
      `migration ${migration.name} was edited after it was applied ` +
      `(ledger ${shortChecksum(row.checksum)}, file ${shortChecksum(migration.checksum)}: ${migration.file})`,
    hint: "Restore the file and put the change into a new migration.",
  };
}

function missingProblem(name: string): Problem {
  return {
    code: "missing",
    message: `migration ${name} is applied, but this source does not hold it although it holds newer ones`,
    hint: "Restore the file: it was renamed, deleted, or this image was built from another branch.",
  };
}

function aheadProblem(ahead: readonly Standing[]): Problem {
  return {
    code: "ahead",
    message: `the database is ahead of this source by ${ahead.length}: ${ahead.map((standing) => standing.name).join(", ")}`,
    hint: "Right for a rollback or an old replica that restarts; otherwise deploy the newer image.",
  };
}

/**
 * Plans `down`: reverts the migration that was applied last, whatever the order of the files.
 * Refuses when this source does not hold that migration as it was applied.
 */
export function planDown(source: Source, ledger: readonly LedgerRow[]): Plan {
  const row = [...ledger].sort((a, b) => b.sequence - a.sequence)[0];
  if (source.problems.length > 0 || !row) {
    return { steps: [], warnings: [], problems: source.problems };
  }
  const migration = source.migrations.find((candidate) => candidate.name === row.name);
  const problem = migration ? downProblem(migration, row) : unknownLastProblem(row.name);
  if (problem || !migration) {
    return { steps: [], warnings: [], problems: problem ? [problem] : [] };
  }
  return { steps: [{ direction: "down", migration, resume: row.progress }], warnings: [], problems: [] };
}

function downProblem(migration: Migration, row: LedgerRow): Problem | undefined {
  if (row.progress?.direction === "up") {
    return {
      code: "partial",
      message: `migration ${migration.name} stopped after ${row.progress.done} of ${row.progress.total} statements`,
      hint: "Finish it with `up` before you revert it.",
    };
  }
  if (!row.progress && row.checksum !== migration.checksum) {
    return editedProblem(migration, row);
  }
  if (migration.kind === "sql" && !migration.down) {
    return noDownProblem(migration);
  }
  return undefined;
}

/** A migration that cannot be reverted; a module's is known only once it is loaded. */
export function noDownProblem(migration: Migration): Problem {
  return {
    code: "no-down",
    message: `migration ${migration.name} has no down (${migration.file})`,
    hint:
      migration.kind === "sql"
        ? 'Undo it with a new migration; a "-- migrate:down" section added now would count as an edit.'
        : "Undo it with a new migration; a `down` added now would count as an edit.",
  };
}

function unknownLastProblem(name: string): Problem {
  return {
    code: "unknown-last",
    message: `migration ${name} was applied last, and this source does not hold it: reverting another one would be wrong`,
    hint: "Run `down` from the image or branch that brought it.",
  };
}
