import { type Generated, type GenerateRequest, generateMigration } from "../../../develop/generate/generate";
import { parseRenames } from "../../../develop/generate/renames";
import { applyModels } from "../../../develop/models/apply";
import { loadModels } from "../../../develop/models/models";
import type { Scratch, ScratchDatabase } from "../../../develop/scratch/scratch";
import { SchemagateError } from "../../../migrator/errors";
import type { CorpusCase } from "./case";
import { disagreements, type Judged, readJudged } from "./judges";
import { namingOf } from "./naming";
import { type Data, readData } from "./rows";
import { type Direction, directions, type Outcome, type Verdict } from "./score";
import { findSilentLosses } from "./survival";

const signal = new AbortController().signal;
const ledgerSchema = "schemagate";

/**
 * Generates the migrations of a case, and judges them without regard to the proof that comes with them: they are run on
 * rows, up, down and up again; two readers compare what came of the schema, and every row is looked for.
 */
export async function runCase(corpusCase: CorpusCase, scratch: Scratch): Promise<Outcome> {
  const base = await databaseOf(scratch, "base", corpusCase.before);
  const models = await databaseOf(scratch, "models", corpusCase.after);
  const made = [base, models];
  try {
    const wanted = await models.use(readJudged);
    const declared = corpusCase.models ? await databaseOfModules(scratch, corpusCase.models) : models;
    made.push(...(declared === models ? [] : [declared]));
    const misread = declared === models ? [] : disagreements(wanted, await declared.use(readJudged));
    const generated = await generate(corpusCase, { base, models: declared, scratch, ledgerSchema, signal });
    const judged = await judge({ corpusCase, generated, base, wanted, scratch });
    return { corpusCase, generated, misread, unannounced: findUnannounced(corpusCase, generated, judged), ...judged };
  } finally {
    for (const database of made) {
      await database.drop();
    }
  }
}

/** A refusal leaves nothing to prove, and is honest. */
async function generate({ renames }: CorpusCase, request: Omit<GenerateRequest, "renames">): Promise<Generated> {
  try {
    return await generateMigration({ ...request, renames: parseRenames(renames) });
  } catch (error) {
    if (!(error instanceof SchemagateError)) {
      throw error;
    }
    const problems: Generated["proof"]["problems"] = [{ stage: "up", message: error.message, differences: [] }];
    return { files: [], proof: { ok: false, problems }, losses: [], lookAlikes: [], complaints: [error.message] };
  }
}

async function databaseOf(scratch: Scratch, label: string, ddl: string): Promise<ScratchDatabase> {
  const database = await scratch.create(label);
  await database.use((client) => client.query(ddl));
  return database;
}

async function databaseOfModules(scratch: Scratch, path: string): Promise<ScratchDatabase> {
  const sources = await loadModels([path], { signal, env: process.env });
  const database = await scratch.create("drizzle");
  await database.connect((client) => applyModels(client, sources));
  return database;
}

interface Trial {
  readonly corpusCase: CorpusCase;
  readonly generated: Generated;
  readonly base: ScratchDatabase;
  readonly wanted: Judged;
  readonly scratch: Scratch;
}

/** What became of one direction. */
interface Run {
  /** The server's words. */
  readonly error?: string;
  readonly disagreements: readonly string[];
  readonly silentLosses: readonly string[];
}

type Judgement = Pick<Outcome, "up" | "down" | "notes" | "silentLosses">;

async function judge(trial: Trial): Promise<Judgement> {
  const { corpusCase, generated } = trial;
  const seeded = await tryOut(trial, corpusCase.seed);
  const failed = seeded.up.error ?? seeded.down.error;
  // A migration that fails on rows may still be the right one for the schema.
  const plain = failed && corpusCase.seed ? await tryOut(trial, undefined) : seeded;
  const verdict = (direction: Direction): Verdict => {
    const claimed = isProven(generated, direction);
    const wrong = plain[direction].error !== undefined || plain[direction].disagreements.length > 0;
    if (!claimed) {
      return "unproven";
    }
    if (wrong) {
      return "wrong";
    }
    return seeded[direction].error === undefined || isExpectedToFail(trial, direction) ? "right" : "fails on rows";
  };
  return {
    up: verdict("up"),
    down: verdict("down"),
    silentLosses: unique([...seeded.up.silentLosses, ...seeded.down.silentLosses]),
    notes: unique(
      directions.flatMap((direction) => {
        const errors = [plain[direction].error, seeded[direction].error].flatMap((error) => error ?? []);
        return [...errors, ...plain[direction].disagreements].map((line) => `${direction}: ${line}`);
      }),
    ),
  };
}

function unique(lines: readonly string[]): string[] {
  return [...new Set(lines)];
}

function isProven({ proof }: Generated, direction: Direction): boolean {
  const stages = direction === "up" ? ["up"] : ["up", "down", "up again"];
  return proof.ok || !proof.problems.some(({ stage }) => stages.includes(stage));
}

/** Loudly, that is: rows that contradict the schema afterwards, or a risk that the migration itself tells. */
function isExpectedToFail({ corpusCase, generated }: Trial, direction: Direction): boolean {
  return (direction === "up" && corpusCase.refuses) || generated.losses.some((loss) => loss.direction === direction);
}

/** Runs up, down and up again on a database of its own. */
async function tryOut({ corpusCase, generated, base, wanted, scratch }: Trial, seed: string | undefined) {
  const database = await scratch.copy(base, "judge");
  // What was refused has renamed nothing.
  const naming = namingOf(generated.files.length > 0 || generated.proof.ok ? corpusCase.renames : []);
  const lost = (...directions: Direction[]) =>
    new Set(
      generated.losses
        .filter(({ severity, direction }) => severity === "lost" && directions.includes(direction))
        .map(({ object }) => object),
    );
  try {
    return await database.use(async (client) => {
      const before = await readJudged(client);
      await client.query(seed ?? "");
      const seeds = await readData(client);
      const silent = (now: Data, isBack: boolean) =>
        findSilentLosses(seeds, now, {
          naming: isBack ? namingOf([]) : naming,
          announced: isBack ? lost("up", "down") : lost("up"),
          after: client,
        });
      const run = async (direction: Direction, expected: Judged, isBack: boolean): Promise<Run> => {
        const error = await execute(client, generated, direction);
        return error
          ? { error, disagreements: [], silentLosses: await silent(await readData(client), true) }
          : {
              disagreements: disagreements(expected, await readJudged(client)),
              silentLosses: await silent(await readData(client), isBack),
            };
      };
      const up = await run("up", wanted, false);
      if (up.error) {
        return { up, down: notRun };
      }
      const down = await run("down", before, true);
      const again = down.error ? notRun : await run("up", wanted, false);
      return { up, down: { ...down, ...(again.error ? { error: `up again: ${again.error}` } : {}) } };
    });
  } finally {
    await database.drop();
  }
}

const notRun: Run = { disagreements: [], silentLosses: [] };

/** Runs the statements as any client would. */
async function execute(
  client: { query: (sql: string) => Promise<unknown> },
  { files }: Generated,
  direction: Direction,
): Promise<string | undefined> {
  try {
    for (const file of direction === "up" ? files : [...files].reverse()) {
      const { statements, transaction } = file[direction];
      const parts = transaction ? [`BEGIN;\n${statements.join(";\n")};\nCOMMIT`] : statements;
      for (const sql of parts) {
        await client.query(sql);
      }
    }
    return undefined;
  } catch (error) {
    await client.query("ROLLBACK");
    return (error as Error).message;
  }
}

/** Losses that cannot be helped, and of which what is proven says not a word. */
function findUnannounced({ losses, seed }: CorpusCase, generated: Generated, judged: Judgement): string[] {
  return directions.flatMap((direction) => {
    const said = generated.losses.filter((loss) => loss.direction === direction).map(({ object }) => object);
    const unsaid = losses[direction].filter((object) => !said.includes(object));
    return seed && judged[direction] !== "unproven" ? unsaid.map((object) => `${direction}: ${object}`) : [];
  });
}
