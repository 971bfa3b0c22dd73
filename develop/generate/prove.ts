import { assembleSource } from "../../migrator/source/assemble";
import type { Source } from "../../migrator/source/migration";
import type { Catalog } from "../catalog/catalog";
import { compareCatalogs, type Difference } from "../catalog/compare";
import { readCatalog } from "../catalog/read";
import { applyMigrations, revertMigrations } from "../scratch/migrate";
import type { Scratch, ScratchDatabase } from "../scratch/scratch";

/** Where the proof failed. */
export interface ProofProblem {
  readonly stage: "up" | "down" | "up again";
  /** What went wrong, when it was an error. */
  readonly message?: string;
  /** Expected: what the stage was to lead to. */
  readonly differences: readonly Difference[];
}

export interface Proof {
  readonly ok: boolean;
  readonly problems: readonly ProofProblem[];
}

/** A file and the schema it starts from. */
export interface ProofStep {
  readonly text: string;
  readonly before: Catalog;
}

export interface ProofOptions {
  readonly scratch: Scratch;
  readonly ledgerSchema: string;
  readonly signal: AbortSignal;
}

/**
 * Runs files as the migrator will: up to the wanted schema, down one by one to what was before each, and up again. Proven
 * is what comes through all of it (INV-13).
 *
 * @param start is left as it is.
 * @param wanted what the models say.
 */
export async function prove(
  start: ScratchDatabase,
  steps: readonly ProofStep[],
  wanted: Catalog,
  { scratch, ledgerSchema, signal }: ProofOptions,
): Promise<Proof> {
  const source = sourceOf(steps);
  if (source.problems.length > 0) {
    return failed("up", source.problems.map(({ message }) => message).join("; "));
  }
  const database = await scratch.copy(start, "proof");
  const problems: ProofProblem[] = [];
  const stage = async (name: ProofProblem["stage"], run: () => Promise<void>, expected: Catalog) => {
    const problem = await attempt(name, run, () => compareWith(database, expected, ledgerSchema), signal);
    problems.push(...(problem ? [problem] : []));
    return problem?.message === undefined;
  };
  const up = () => applyMigrations(database, source, { ledgerSchema, signal });
  const down = () => revertMigrations(database, source, { ledgerSchema, signal, target: { steps: 1 } });
  try {
    let goesOn = await stage("up", up, wanted);
    for (const { before } of [...steps].reverse()) {
      goesOn = goesOn && (await stage("down", down, before));
    }
    if (goesOn) {
      await stage("up again", up, wanted);
    }
    return { ok: problems.length === 0, problems };
  } finally {
    await database.drop();
  }
}

function failed(stage: ProofProblem["stage"], message: string): Proof {
  return { ok: false, problems: [{ stage, message, differences: [] }] };
}

async function attempt(
  stage: ProofProblem["stage"],
  run: () => Promise<void>,
  compare: () => Promise<Difference[]>,
  signal: AbortSignal,
): Promise<ProofProblem | undefined> {
  try {
    await run();
  } catch (error) {
    signal.throwIfAborted();
    return { stage, message: (error as Error).message, differences: [] };
  }
  const differences = await compare();
  return differences.length > 0 ? { stage, differences } : undefined;
}

async function compareWith(database: ScratchDatabase, expected: Catalog, ledgerSchema: string): Promise<Difference[]> {
  const options = { ignoreSchemas: [ledgerSchema], keepPlans: true };
  const actual = await database.use((client) => readCatalog(client, options));
  return compareCatalogs(expected, actual);
}

function sourceOf(steps: readonly ProofStep[]): Source {
  const files = steps.map(({ text }, index) => {
    const path = `${index + 1}_generated.sql`;
    return { path, file: path, text, load: () => Promise.reject(new Error(`${path} is no module`)) };
  });
  return assembleSource("generated", false, files, []);
}
