import { type Problem, refusal } from "./errors";
import { noDownProblem, type Step } from "./plan";
import { checksum } from "./source/checksum";
import type { MigrationFunction, ModuleMigration, SqlMigration, SqlSection } from "./source/migration";
import { findTransactionControl, type Statement, splitStatements } from "./source/statements";

/** A step that is ready to run: parsed, loaded, and found fit. */
export type PreparedStep =
  | { readonly kind: "sql"; readonly step: Step; readonly section: SqlSection }
  | {
      readonly kind: "statements";
      readonly step: Step;
      readonly section: SqlSection;
      readonly statements: readonly Statement[];
      /** Index of the first statement to run. */
      readonly from: number;
    }
  | { readonly kind: "module"; readonly step: Step; readonly run: MigrationFunction; readonly transaction: boolean };

/**
 * Prepares every step before the first one runs, so that what can be refused is refused with the database untouched.
 *
 * @throws refused (exit 4) with all problems of all steps.
 */
export async function prepareSteps(steps: readonly Step[]): Promise<PreparedStep[]> {
  const problems: Problem[] = [];
  const prepared: PreparedStep[] = [];
  for (const step of steps) {
    const { migration } = step;
    const ready =
      migration.kind === "sql"
        ? await prepareSql(step, migration, problems)
        : await prepareModule(step, migration, problems);
    if (ready) {
      prepared.push(ready);
    }
  }
  if (problems.length > 0) {
    throw refusal(problems);
  }
  return prepared;
}

async function prepareSql(step: Step, migration: SqlMigration, problems: Problem[]): Promise<PreparedStep | undefined> {
  const section = migration[step.direction];
  if (!section) {
    problems.push(noDownProblem(migration));
    return undefined;
  }
  if (section.transaction) {
    problems.push(...(await findTransactionControl(migration, section)));
    return { kind: "sql", step, section };
  }
  const statements = await splitStatements(migration, section);
  const from = step.resume?.done ?? 0;
  if (step.resume && prefixChecksum(statements, from) !== step.resume.prefix) {
    problems.push({
      code: "partial-edited",
      message:
        `migration ${migration.name} stopped after ${from} of ${step.resume.total} statements, ` +
        `and those first ${from} are no longer what ran (${migration.file})`,
      hint: "Restore them; the statements behind them may change.",
    });
  }
  return { kind: "statements", step, section, statements, from };
}

async function prepareModule(
  step: Step,
  migration: ModuleMigration,
  problems: Problem[],
): Promise<PreparedStep | undefined> {
  const loaded = await migration.load();
  const run = loaded[step.direction];
  if (!run) {
    problems.push(noDownProblem(migration));
    return undefined;
  }
  return { kind: "module", step, run, transaction: loaded.transaction ?? true };
}

/** Checksum of the first statements of a section, as the ledger keeps it for a resume. */
export function prefixChecksum(statements: readonly Statement[], count: number): string {
  return checksum(JSON.stringify(statements.slice(0, count).map(({ sql }) => sql)));
}
