import { exitCodes, SchemagateError } from "../errors";
import { count } from "../events/words";
import type { LedgerRow } from "../ledger/ledger";
import { compare, type Standing } from "../plan/compare";
import { type Policy, planUp } from "../plan/plan";
import { prepareSteps } from "../run/prepare";
import type { Source } from "../source/migration";
import { type Check, checksOf } from "./check";

const { ok, warning, problem } = checksOf("migrations");

/** What was read, or why it could not be. */
export type Reading<T> = { readonly value: T } | { readonly error: SchemagateError };

/** Reads, keeping an error that the reader foresaw. */
export async function attempt<T>(read: () => Promise<T>): Promise<Reading<T>> {
  try {
    return { value: await read() };
  } catch (error) {
    if (error instanceof SchemagateError) {
      return { error };
    }
    throw error;
  }
}

/** What is wrong with the migrations themselves; needs no database. */
export async function judgeSource(source: Reading<Source>): Promise<Check[]> {
  if ("error" in source) {
    return problemsOf(source.error);
  }
  const { dir, sealed, migrations, problems } = source.value;
  return problems.length > 0
    ? problems.map((found) => problem(found, exitCodes.refused))
    : [ok("source", `${count(migrations.length, "migration")} in ${dir}${sealed ? ", sealed" : ""}`)];
}

/** What is wrong between migrations and ledger. */
export async function judgeLedger(
  source: Reading<Source>,
  ledger: Reading<readonly LedgerRow[]>,
  policy: Policy,
): Promise<Check[]> {
  if ("error" in ledger) {
    return problemsOf(ledger.error);
  }
  if ("error" in source) {
    return [];
  }
  const plan = planUp(source.value, ledger.value, policy);
  const known = new Set(source.value.problems);
  const problems = plan.problems.filter((found) => !known.has(found)).map((found) => problem(found, exitCodes.refused));
  const warnings = plan.warnings.map(({ code, message, hint }) => warning(code, message, hint));
  const partial = compare(source.value, ledger.value).flatMap(judgePartial);
  // Modules are left alone: preparing one runs its file's top level, and doctor only looks.
  const unfit = await attempt(() => prepareSteps(plan.steps.filter(({ migration }) => migration.kind === "sql")));
  const refused = "error" in unfit ? problemsOf(unfit.error) : [];
  const found = [...problems, ...refused, ...partial, ...warnings];
  return found.length > 0 ? found : [judgePending(ledger.value, plan.steps.length)];
}

function judgePartial({ name, row }: Standing): Check[] {
  if (!row?.progress) {
    return [];
  }
  const { direction, done, total } = row.progress;
  const message = `the ${direction} of migration ${name} stopped after ${done}${total === undefined ? "" : ` of ${total}`}`;
  return [warning("partial", message, `Run \`${direction}\` again: it goes on from there.`)];
}

function judgePending(rows: readonly LedgerRow[], pending: number): Check {
  const toRun = pending === 0 ? "nothing is pending" : `${count(pending, "step")} pending`;
  return ok("ledger", `${rows.length === 0 ? "nothing is applied yet" : `${rows.length} in the ledger`}, ${toRun}`);
}

function problemsOf(error: SchemagateError): Check[] {
  const found = error.problems.length > 0 ? error.problems : [error];
  return found.map(({ code, message, hint }) => problem({ code, message, hint }, error.exitCode));
}
