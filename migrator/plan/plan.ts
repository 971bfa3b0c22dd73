import type { Problem } from "../errors";
import type { LedgerRow } from "../ledger/ledger";
import { shortChecksum } from "../source/checksum";
import { compareNames, hasChecksum, type Migration, type Source } from "../source/migration";
import { compare, compareRepeatables, type Standing, versionedRows } from "./compare";

/** What to do where source and ledger differ in a way that teams judge differently. */
export interface Policy {
  /** A database newer than the image: a rollback, or an old replica that restarts. @default "pass" */
  readonly ahead: "pass" | "refuse";
  /** A pending migration older than the newest applied one: two branches met. @default "refuse" */
  readonly outOfOrder: "refuse" | "allow";
}

/** What a step runs: a versioned migration, a repeatable object, or a hook. */
export type StepRole = "migration" | "repeatable" | "hook";

/** One thing to run. */
export interface Step {
  readonly direction: "up" | "down";
  readonly role: StepRole;
  readonly migration: Migration;
  /** Where a migration without a transaction, or in batches, stopped in an earlier run. */
  readonly resume?: LedgerRow["progress"];
}

/** What a run would do: the steps in order, or the problems for which it refuses to do anything. */
export interface Plan {
  readonly steps: readonly Step[];
  readonly warnings: readonly Problem[];
  readonly problems: readonly Problem[];
}

/** How far to go. Without any of them: `up` applies everything, `down` reverts one. */
export interface Target {
  /** Name of a migration: the last one to apply, or the newest one to keep. */
  readonly to?: string;
  /** Number of migrations. */
  readonly steps?: number;
  /** Revert everything. */
  readonly all?: boolean;
}

/** Ledger name of the hook that is still owed after a run that did not come to it. */
export const afterAllName = "hooks/afterAll";

/** Whether the app may start: nothing is pending and nothing is wrong. Ahead is open unless the policy refuses it. */
export function isGateOpen(source: Source, ledger: readonly LedgerRow[], policy: Policy): boolean {
  const { steps, problems } = planUp(source, ledger, policy);
  return steps.length === 0 && problems.length === 0;
}

/** Plans `up`: all pending migrations in order, as far as the target goes, or every reason not to (INV-2). */
export function planUp(
  source: Source,
  ledger: readonly LedgerRow[],
  policy: Policy,
  target: Omit<Target, "all"> = {},
): Plan {
  const standings = compare(source, ledger);
  const ahead = standings.filter((standing) => standing.state === "ahead");
  const hint = strangersHint(standings);
  const aheadProblems = ahead.length > 0 ? [{ ...aheadProblem(ahead), ...hint }] : [];
  const refuseAhead = policy.ahead === "refuse";
  const problems = [
    ...source.problems,
    ...standings.flatMap((standing) => upProblems(standing, policy)).map((problem) => ({ ...problem, ...hint })),
    ...(refuseAhead ? aheadProblems : []),
  ];
  const warnings = refuseAhead ? [] : aheadProblems;
  if (problems.length > 0) {
    return { steps: [], warnings, problems };
  }
  const versioned = cutUp(standings.flatMap(pendingStep), target);
  // Objects of an older image must not replace those of the newer one that the database is ahead for.
  const isWhole = target.to === undefined && target.steps === undefined && ahead.length === 0;
  const repeatables = isWhole ? compareRepeatables(source, ledger).flatMap(pendingStep) : [];
  return { steps: withHooks(source, ledger, [...versioned, ...repeatables]), warnings, problems };
}

function pendingStep({ state, migration, row }: Standing): Step[] {
  if (!migration || !(state === "pending" || state === "out-of-order" || state === "partial")) {
    return [];
  }
  const role = migration.name.includes("/") ? "repeatable" : "migration";
  // A repeatable object that was edited since is another one, and begins at its beginning.
  const resume = state === "partial" ? row?.progress : undefined;
  return [{ direction: "up", role, migration, resume }];
}

function cutUp(steps: readonly Step[], { to, steps: count }: Target): readonly Step[] {
  const wanted = to === undefined ? steps : steps.filter((step) => compareNames(step.migration.name, to) <= 0);
  return wanted.slice(0, count);
}

/** Hooks run around a run that has something to do; an afterAll that an earlier run did not come to is something. */
function withHooks({ hooks }: Source, ledger: readonly LedgerRow[], steps: readonly Step[]): Step[] {
  const hook = (migration: Migration | undefined): Step[] =>
    migration ? [{ direction: "up", role: "hook", migration }] : [];
  if (steps.length > 0) {
    return [...hook(hooks.beforeAll), ...steps, ...hook(hooks.afterAll)];
  }
  return ledger.some((row) => row.name === afterAllName) ? hook(hooks.afterAll) : [];
}

const acceptEdit = "Restore the file and put the change into a new migration, or accept the edit with `repair`.";

const ownLedger =
  "If another app applied it, this one needs a ledger of its own: --ledger-schema NAME (docs/several-apps.md).";

/**
 * What to do where this source holds nothing of what was applied: those rows are likely another app's, which `repair` would
 * erase and `rebase` would mix with this one's.
 */
function strangersHint(standings: readonly Standing[]): Pick<Problem, "hint"> {
  const applied = standings.filter(({ row }) => row !== undefined);
  const isKnown = ({ state }: Standing) => state === "applied" || state === "partial";
  if (applied.length === 0 || applied.some(isKnown)) {
    return {};
  }
  if (applied.every(({ migration }) => migration)) {
    return { hint: `${acceptEdit} ${ownLedger}` };
  }
  return {
    hint:
      "This source holds nothing of what this ledger says was applied. If that is another app's, this one needs a ledger of " +
      "its own: --ledger-schema NAME (docs/several-apps.md). If it is this app's, the image or --dir is the wrong one, or " +
      "its files were renamed: restore them.",
  };
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
        hint: "Give the file a newer timestamp with `rebase`, or accept the order with `--out-of-order allow`.",
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
    hint: acceptEdit,
  };
}

function missingProblem(name: string): Problem {
  return {
    code: "missing",
    message: `migration ${name} is applied, but this source does not hold it although it holds newer ones`,
    hint:
      "Restore the file: it was renamed, deleted, or this image was built from another branch. `repair` forgets what this app " +
      `deleted for good. ${ownLedger}`,
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
 * Plans `down`: reverts what was applied last, whatever the order of the files.
 * Refuses when this source does not hold each of those migrations as it was applied.
 */
export function planDown(source: Source, ledger: readonly LedgerRow[], target: Target = {}): Plan {
  const rows = cutDown(versionedRows(ledger), target);
  const steps = rows.map((row) => ({
    row,
    migration: source.migrations.find((candidate) => candidate.name === row.name),
  }));
  const problems = [
    ...source.problems,
    ...steps.flatMap(({ row, migration }) =>
      migration ? downProblem(migration, row) : [unknownLastProblem(row.name)],
    ),
  ];
  return {
    steps:
      problems.length > 0 ? [] : steps.flatMap(({ row, migration }) => (migration ? [downStep(migration, row)] : [])),
    warnings: [],
    problems,
  };
}

function downStep(migration: Migration, row: LedgerRow): Step {
  return { direction: "down", role: "migration", migration, resume: row.progress };
}

function cutDown(rows: readonly LedgerRow[], { to, steps = 1, all }: Target): LedgerRow[] {
  const latestFirst = [...rows].sort((a, b) => b.sequence - a.sequence);
  if (all) {
    return latestFirst;
  }
  if (to === undefined) {
    return latestFirst.slice(0, steps);
  }
  const kept = latestFirst.findIndex((row) => row.name === to);
  return kept === -1 ? [] : latestFirst.slice(0, kept);
}

/** Plans `redo`: reverts what was applied last and applies it again. */
export function planRedo(source: Source, ledger: readonly LedgerRow[], target: Pick<Target, "steps"> = {}): Plan {
  const down = planDown(source, ledger, target);
  const again = [...down.steps].reverse().map((step): Step => ({ ...step, direction: "up", resume: undefined }));
  return { ...down, steps: [...down.steps, ...again] };
}

function downProblem(migration: Migration, row: LedgerRow): Problem[] {
  if (row.progress?.direction === "up") {
    return [
      {
        code: "partial",
        message: `migration ${migration.name} stopped after ${row.progress.done} of ${row.progress.total} statements`,
        hint: "Finish it with `up` before you revert it.",
      },
    ];
  }
  if (!row.progress && !hasChecksum(migration, row.checksum)) {
    return [editedProblem(migration, row)];
  }
  if (migration.kind === "sql" && !migration.down) {
    return [noDownProblem(migration)];
  }
  return [];
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
