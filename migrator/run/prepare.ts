import { exitCodes, type Problem, refusal, SchemagateError } from "../errors";
import { bounded } from "../excerpt";
import { noDownProblem, type Step } from "../plan/plan";
import { checksum } from "../source/checksum";
import { inspectSection } from "../source/inspect";
import type {
  Batches,
  MigrationFunction,
  MigrationModule,
  ModuleMigration,
  SectionOptions,
  SqlMigration,
  SqlSection,
} from "../source/migration";
import { type Statement, splitStatements } from "../source/statements";

interface Prepared {
  readonly step: Step;
  readonly options: SectionOptions;
}

/** SQL in one transaction. */
export interface SectionStep extends Prepared {
  readonly kind: "section";
  readonly section: SqlSection;
}

/** SQL without a transaction, statement by statement. */
export interface StatementsStep extends Prepared {
  readonly kind: "statements";
  readonly section: SqlSection;
  readonly statements: readonly Statement[];
  /** Index of the first statement to run. */
  readonly from: number;
}

/** A function of a module. */
export interface FunctionStep extends Prepared {
  readonly kind: "function";
  readonly run: MigrationFunction;
}

/** A data migration in batches. */
export interface BatchesStep extends Prepared {
  readonly kind: "batches";
  readonly batches: Batches;
}

/** A step that is ready to run: parsed, loaded, and found fit. */
export type PreparedStep = SectionStep | StatementsStep | FunctionStep | BatchesStep;

type LoadModule = (migration: ModuleMigration) => Promise<MigrationModule>;

/**
 * Prepares every step before the first one runs, so that what can be refused is refused with the database untouched.
 *
 * @param load runs the top level of a module. @default as it is
 * @throws refused (exit 4) with all problems of all steps.
 */
export async function prepareSteps(
  steps: readonly Step[],
  load: LoadModule = ({ load }) => load(),
): Promise<PreparedStep[]> {
  const problems: Problem[] = [];
  const prepared: PreparedStep[] = [];
  for (const step of steps) {
    const { migration } = step;
    const preparing =
      migration.kind === "sql" ? prepareSql(step, migration, problems) : prepareModule(step, migration, problems, load);
    const ready = await preparing.catch((error) => {
      problems.push(...refusedFor(error));
    });
    if (ready) {
      prepared.push(ready);
    }
  }
  if (problems.length > 0) {
    throw refusal(problems);
  }
  return prepared;
}

/**
 * What one step was refused for is told together with what is wrong with the others.
 *
 * @throws any other error.
 */
function refusedFor(error: unknown): readonly Problem[] {
  if (!(error instanceof SchemagateError && error.exitCode === exitCodes.refused)) {
    throw error;
  }
  const { code, message, hint, problems } = error;
  return problems.length > 0 ? problems : [{ code, message, hint }];
}

async function prepareSql(step: Step, migration: SqlMigration, problems: Problem[]): Promise<PreparedStep | undefined> {
  const section = migration[step.direction];
  if (!section) {
    problems.push(noDownProblem(migration));
    return undefined;
  }
  problems.push(...(await inspectSection(migration, section)));
  if (section.transaction) {
    if (step.resume) {
      problems.push(otherKindProblem(step, "transaction:false"));
    }
    return { kind: "section", step, options: section, section };
  }
  const statements = await splitStatements(migration, section);
  const from = step.resume?.done ?? 0;
  const changed = firstChanged(statements, step.resume?.finished ?? []);
  if (changed !== undefined) {
    problems.push(changedProblem(step, changed, statements[changed]));
  }
  return { kind: "statements", step, options: section, section, statements, from };
}

/** @returns index of the first finished statement that is no longer what ran. */
function firstChanged(statements: readonly Statement[], finished: readonly string[]): number | undefined {
  const now = statementChecksums(statements, finished.length);
  const index = finished.findIndex((value, i) => now[i] !== value);
  return index === -1 ? undefined : index;
}

function changedProblem({ migration, resume }: Step, index: number, statement: Statement | undefined): Problem {
  return {
    code: "partial-edited",
    message:
      `migration ${migration.name} stopped after ${resume?.done} of ${resume?.total} statements, and number ${index + 1} ` +
      `is no longer what ran: ${statement ? `it reads "${bounded(statement.sql, 200)}"` : "it is gone"} (${migration.file})`,
    hint: "Restore what ran; only what stands behind it may change. Or clear the partial migration with `repair`.",
  };
}

function otherKindProblem({ migration, resume }: Step, kind: string): Problem {
  return {
    code: "partial-edited",
    message: `migration ${migration.name} stopped after ${resume?.done} as one with ${kind}, which it no longer is (${migration.file})`,
    hint: "Restore that, or clear the partial migration with `repair`.",
  };
}

async function prepareModule(
  step: Step,
  migration: ModuleMigration,
  problems: Problem[],
  load: LoadModule,
): Promise<PreparedStep | undefined> {
  const { batches, transaction = true, ...module } = await load(migration);
  const { lockTimeoutMs, statementTimeoutMs } = module;
  const options = { transaction, lockTimeoutMs, statementTimeoutMs };
  if (batches && step.direction === "up") {
    return { kind: "batches", step, options, batches };
  }
  if (step.resume?.last !== undefined) {
    problems.push(otherKindProblem(step, "batches"));
  }
  const run = module[step.direction];
  if (!run) {
    problems.push(noDownProblem(migration));
    return undefined;
  }
  return { kind: "function", step, options, run };
}

/** Checksums of the first statements of a section, as the ledger keeps them for a resume. */
export function statementChecksums(statements: readonly Statement[], count: number): string[] {
  return statements.slice(0, count).map(({ sql }) => checksum(sql));
}
