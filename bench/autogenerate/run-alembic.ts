import { compareCatalogs } from "../../develop/catalog/compare";
import { readCatalog } from "../../develop/catalog/read";
import type { Scratch, ScratchDatabase } from "../../develop/scratch/scratch";
import type { ConnectionConfig } from "../../migrator/connection/config";
import type { CorpusCase } from "../../test/develop/corpus/case";
import { namingOf } from "../../test/develop/corpus/naming";
import { readData } from "../../test/develop/corpus/rows";
import { findSilentLosses } from "../../test/develop/corpus/survival";
import type { Alembic } from "./alembic";

/** What a case came to with Alembic, measured as the project's own. */
export interface AlembicOutcome {
  readonly up: boolean;
  readonly down: boolean;
  /** Whether rows are gone that the case does not say must go. */
  readonly losesRows: boolean;
  /** Why not, in words. */
  readonly notes: readonly string[];
}

/** Reflecting, comparing and running; more is a hang. */
const stepTimeoutMs = 30_000;

/** Autogenerates a case with Alembic, runs it on rows, and compares what came of it. */
export async function runAlembic(corpusCase: CorpusCase, scratch: Scratch, alembic: Alembic): Promise<AlembicOutcome> {
  const base = await scratch.create("base");
  await base.connect((client) => client.query(corpusCase.before));
  const models = await scratch.create("models");
  await models.connect((client) => client.query(corpusCase.after));
  const made = [base, models];
  const attempt = async (seed: string | undefined) => {
    const work = await scratch.copy(base, "work");
    made.push(work);
    await work.connect((client) => client.query(seed ?? ""));
    return tryOut(corpusCase, { base, models, work }, alembic);
  };
  try {
    const withoutRows = await attempt(undefined);
    const withRows = corpusCase.seed ? await attempt(corpusCase.seed) : withoutRows;
    return {
      up: withoutRows.up === undefined && (withRows.up === undefined || corpusCase.refuses),
      down: withoutRows.up === undefined && withoutRows.down === undefined,
      losesRows: withRows.losesRows,
      notes: [withRows.up ?? withoutRows.up, withoutRows.down].flatMap((note) => note ?? []),
    };
  } finally {
    for (const database of made) {
      await database.drop();
    }
  }
}

interface Databases {
  readonly base: ScratchDatabase;
  readonly models: ScratchDatabase;
  readonly work: ScratchDatabase;
}

interface Tried {
  /** What is wrong with it; undefined when nothing is. */
  readonly up?: string;
  readonly down?: string;
  readonly losesRows: boolean;
}

async function tryOut(corpusCase: CorpusCase, { base, models, work }: Databases, alembic: Alembic): Promise<Tried> {
  const urls = { base: urlOf(base.config), models: urlOf(models.config), work: urlOf(work.config) };
  const seeds = await work.connect(readData);
  const { error } = await alembic.ask({ step: "up", ...urls }, stepTimeoutMs);
  const losses = await work.connect(async (after) =>
    findSilentLosses(seeds, await readData(after), {
      naming: namingOf(error ? [] : corpusCase.renames),
      announced: new Set(corpusCase.losses.up),
      after,
    }),
  );
  const up = error ?? (await differenceOf(models, work));
  const back = error ? undefined : await alembic.ask({ step: "down", work: urls.work }, stepTimeoutMs);
  const down = back?.error ?? (await differenceOf(base, work));
  return { up, down, losesRows: losses.length > 0 };
}

/** The first difference, in a few words. */
async function differenceOf(expected: ScratchDatabase, actual: ScratchDatabase): Promise<string | undefined> {
  const read = (database: ScratchDatabase) => database.connect((client) => readCatalog(client, { ignoreSchemas: [] }));
  const [first, ...more] = compareCatalogs(await read(expected), await read(actual));
  return (
    first && `${first.kind} ${first.identity} ${first.change}${more.length > 0 ? `, and ${more.length} more` : ""}`
  );
}

function urlOf({ host, port, user, password, database }: ConnectionConfig): string {
  const url = new URL(`postgresql://${host}:${port}/${database}`);
  url.username = user ?? "";
  url.password = typeof password === "string" ? password : "";
  return url.href;
}
