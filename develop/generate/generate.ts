import { quoteIdentifier } from "../../migrator/connection/quote";
import type { Catalog } from "../catalog/catalog";
import { compareCatalogs } from "../catalog/compare";
import type { Scratch, ScratchDatabase } from "../scratch/scratch";
import { convert } from "./convert";
import { splitEnumValues } from "./enum-values";
import { readInUse } from "./in-use";
import { findLookAlikes, type LookAlike } from "./look-alikes";
import { findLosses, type Loss } from "./losses";
import { type Physical, readPhysical } from "./physical";
import { type Proof, prove } from "./prove";
import { applyRenames, type RenameHint } from "./renames";
import { renderFile, type Section } from "./render";
import { readSchema, type Schema } from "./schema";

export interface GenerateRequest {
  /** All migrations are applied; it loses its ledger, and is otherwise left as it is. */
  readonly base: ScratchDatabase;
  /** What the models say; left as it is. */
  readonly models: ScratchDatabase;
  readonly scratch: Scratch;
  readonly renames: readonly RenameHint[];
  /** Schema of the ledger: no part of what is compared. */
  readonly ledgerSchema: string;
  readonly signal: AbortSignal;
}

export interface GeneratedFile {
  /** What tells it from the others of the same message; empty when there is one. */
  readonly suffix: string;
  readonly text: string;
  readonly up: Section;
  readonly down: Section;
  readonly losses: readonly Loss[];
}

/** Migrations that turn the one schema into the other. */
export interface Generated {
  /** In the order in which they run; none when there is nothing to do, or nothing that could be done. */
  readonly files: readonly GeneratedFile[];
  readonly proof: Proof;
  readonly losses: readonly Loss[];
  /** Drops and adds that may be renames. */
  readonly lookAlikes: readonly LookAlike[];
  /** What the engine could not do, in its or the server's words. */
  readonly complaints: readonly string[];
}

/** What was written. */
export interface WrittenMigrations extends Omit<Generated, "files"> {
  readonly files: readonly { readonly name: string; readonly path: string; readonly text: string }[];
  /** Whether the files are on the disk. */
  readonly written: boolean;
}

/** A piece of the way: what runs, and the database at the end of it. */
interface Leg {
  readonly suffix: string;
  readonly statements: readonly string[];
  readonly transaction: boolean;
  readonly to: ScratchDatabase;
  /** Of that database, if it is known. */
  readonly catalog?: Catalog;
  /** Renames by hint belong to the first leg. */
  readonly renames: readonly RenameHint[];
}

/**
 * Writes the migrations from one schema to another, up and down, and proves them.
 *
 * @throws usage (exit 2) when a rename does not fit.
 */
export async function generateMigration(request: GenerateRequest): Promise<Generated> {
  const made: ScratchDatabase[] = [];
  const copy: Scratch["copy"] = async (of, label) => {
    const database = await request.scratch.copy(of, label);
    made.push(database);
    return database;
  };
  try {
    return await generateWith({ ...request, scratch: { ...request.scratch, copy } });
  } finally {
    for (const database of made) {
      await database.drop();
    }
  }
}

async function generateWith(request: GenerateRequest): Promise<Generated> {
  const { base, ledgerSchema } = request;
  // What the migrator keeps for itself is no part of the schema.
  await base.use((client) => client.query(`DROP SCHEMA IF EXISTS ${quoteIdentifier(ledgerSchema)} CASCADE`));
  const before = await readSchema(base);
  const wanted = await readSchema(request.models);
  const differences = compareCatalogs(wanted.catalog, before.catalog);
  // Two columns may exchange their names without a difference in the schema.
  if (differences.length === 0 && request.renames.length === 0) {
    return { files: [], proof: { ok: true, problems: [] }, losses: [], lookAlikes: [], complaints: [] };
  }
  const { legs, complaints, lookAlikes } = await findWay(request, before, wanted);
  if (legs.length === 0) {
    const proof: Proof = { ok: false, problems: [{ stage: "up", differences }] };
    return { files: [], proof, losses: [], lookAlikes, complaints };
  }
  const written: WrittenLeg[] = [];
  let current = before;
  for (const leg of legs) {
    // The way back changes the database.
    const reached = leg === legs.at(-1) ? undefined : await readSchema(leg.to);
    written.push(await writeLeg(leg, current, reached?.physical ?? (await leg.to.use(readPhysical))));
    current = reached ?? current;
  }
  const files = written.map((leg) => toFile(leg, written.length));
  const steps = written.map((leg, index) => ({ text: files[index]?.text ?? "", before: leg.before.catalog }));
  return {
    files,
    proof: await prove(base, steps, wanted.catalog, request),
    losses: written.flatMap(({ losses }) => losses),
    lookAlikes,
    complaints: [...complaints, ...written.flatMap((leg) => leg.complaints)],
  };
}

interface FoundWay {
  readonly legs: readonly Leg[];
  readonly complaints: readonly string[];
  readonly lookAlikes: readonly LookAlike[];
}

/**
 * From base to wanted: at most what must be committed first, what fits a transaction, and what must not block. Where the
 * last would tear apart what belongs together, everything is one transaction.
 */
async function findWay(request: GenerateRequest, before: Schema, wanted: Schema): Promise<FoundWay> {
  const split = await tryWay(request, before, wanted, "split");
  return split.isTorn ? tryWay(request, before, wanted, "none") : split;
}

async function tryWay(
  { base, scratch, renames, signal }: GenerateRequest,
  before: Schema,
  wanted: Schema,
  online: "split" | "none",
): Promise<FoundWay & { readonly isTorn: boolean }> {
  const work = await scratch.copy(base, "up");
  const renamed = await work.use((client) => applyRenames(client, renames, "up"));
  const isInUse = await work.use(readInUse);
  // Without renames it is what it is a copy of.
  const known = renames.length === 0 ? before : undefined;
  const lookAlikes = findLookAlikes(known?.physical ?? (await work.use(readPhysical)), wanted.physical);
  let middle: ScratchDatabase | undefined;
  const beforeOnline = async () => {
    middle = await scratch.copy(work, "middle");
  };
  const found = await convert(work, wanted, { online, isInUse, beforeOnline, known });
  signal.throwIfAborted();
  const legs = found.isTorn ? [] : await toLegs(scratch, base, { ...found, renames, renamed, middle, end: work });
  return { legs, complaints: found.complaints, lookAlikes, isTorn: found.isTorn };
}

interface Pieces {
  readonly renames: readonly RenameHint[];
  readonly renamed: readonly string[];
  readonly plain: readonly string[];
  readonly online: readonly string[];
  /** After the plain statements, when there are others. */
  readonly middle: ScratchDatabase | undefined;
  readonly end: ScratchDatabase;
  readonly catalog?: Catalog;
}

async function toLegs(scratch: Scratch, base: ScratchDatabase, pieces: Pieces): Promise<Leg[]> {
  const { renames, renamed, plain, online, middle, end } = pieces;
  const catalogOf = (to: ScratchDatabase) => (to === end ? pieces.catalog : undefined);
  const [values, rest] = await splitEnumValues(scratch, base, renamed, plain);
  const legs: Leg[] = [];
  const add = (suffix: string, statements: readonly string[], transaction: boolean, to: ScratchDatabase) => {
    if (statements.length > 0) {
      const hints = legs.length === 0 ? renames : [];
      legs.push({ suffix, statements, transaction, to, catalog: catalogOf(to), renames: hints });
    }
  };
  if (values) {
    add("values", values.statements, true, values.database);
  }
  add("", rest, true, middle ?? end);
  add("online", online, false, end);
  return legs;
}

/** A leg with its way back. */
interface WrittenLeg extends Leg {
  readonly before: Schema;
  readonly back: readonly string[];
  readonly losses: readonly Loss[];
  readonly complaints: readonly string[];
}

/** Goes back from where a leg leads, on the same database: nobody needs it afterwards. */
async function writeLeg(leg: Leg, before: Schema, after: Physical): Promise<WrittenLeg> {
  const work = leg.to;
  const isInUse = await work.use(readInUse);
  const renamed = await work.use((client) => applyRenames(client, leg.renames, "down"));
  const known = renamed.length === 0 ? { catalog: leg.catalog } : undefined;
  const found = await convert(work, before, { online: leg.transaction ? "none" : "all", isInUse, known });
  const physical = await work.use(readPhysical);
  await work.drop();
  return {
    ...leg,
    before,
    back: [...renamed, ...found.plain, ...found.online],
    losses: [...findLosses("up", before.physical, after), ...findLosses("down", after, physical)],
    complaints: found.complaints,
  };
}

function toFile({ suffix, statements, transaction, back, losses }: WrittenLeg, of: number): GeneratedFile {
  const up = { statements, transaction };
  const down = { statements: back, transaction };
  return { suffix: of === 1 ? "" : suffix, up, down, losses, text: renderFile({ up, down, losses }) };
}
