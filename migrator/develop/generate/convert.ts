import type { Client } from "pg";
import { compareCatalogs } from "../catalog/compare";
import { readCatalog } from "../catalog/read";
import type { ScratchDatabase } from "../scratch/scratch";
import { propose, readState } from "./engine";
import { extraStatements } from "./extras";
import { formatStatement } from "./format";
import { nameChanges, readNamed } from "./name-changes";
import { obstacleStatements } from "./obstacles";
import { type IsInUse, onlineForm } from "./online";
import type { Schema } from "./schema";
import { tryStatements } from "./trial";
import { alternatives } from "./type-changes";

/** Statements that turned one schema into another, as they ran. */
export interface Conversion {
  /** They may share a transaction. */
  readonly plain: readonly string[];
  /** They come after, each by itself. */
  readonly online: readonly string[];
  /** What the engine could not do, in its or the server's words. */
  readonly complaints: readonly string[];
}

export interface ConversionOptions {
  /** `split` puts what must not block traffic apart, `all` does everything that way, `none` nothing. */
  readonly online: "split" | "all" | "none";
  readonly isInUse: IsInUse;
  /** Called between the plain statements and the others, with nobody connected. */
  readonly beforeOnline?: () => Promise<void>;
}

/** Two rounds are what the engine needs where a first one makes visible what is left; more is for the unforeseen. */
const mostRounds = 6;

/**
 * Changes a scratch database until its schema is the wanted one: proposes, tries, looks what is left, and begins again.
 *
 * @param work is changed.
 */
export async function convert(work: ScratchDatabase, wanted: Schema, options: ConversionOptions): Promise<Conversion> {
  const plain: string[] = [];
  const online: string[] = [];
  let complaints: readonly string[] = [];
  for (let round = 0; round < mostRounds; round++) {
    const proposed = await work.connect((client) => proposeNext(client, wanted, options));
    complaints = proposed.complaints;
    if (proposed.plain.length + proposed.online.length === 0) {
      const removed = await removeObstacles(work, complaints);
      (online.length > 0 ? online : plain).push(...removed);
      if (removed.length === 0) {
        break;
      }
      continue;
    }
    const first = await tryOn(work, proposed.plain);
    // What comes behind a statement that had to be apart stays behind it.
    (online.length > 0 ? online : plain).push(...first.ran);
    let { failed } = first;
    let count = first.ran.length;
    if (proposed.online.length > 0) {
      if (online.length === 0) {
        await options.beforeOnline?.();
      }
      const second = await tryOn(work, [...proposed.online, ...failed.map(({ sql }) => sql)]);
      online.push(...second.ran);
      failed = second.failed;
      count += second.ran.length;
    }
    complaints = [...complaints, ...failed.map(({ sql, reason }) => `${reason}: ${sql}`)];
    const removed = failed.length > 0 ? await removeObstacles(work, complaints) : [];
    (online.length > 0 ? online : plain).push(...removed);
    if (count + removed.length === 0) {
      break;
    }
  }
  return { plain, online, complaints };
}

/** @returns the statements that ran. */
function removeObstacles(work: ScratchDatabase, complaints: readonly string[]): Promise<readonly string[]> {
  return work.connect(async (client) => {
    const statements = await obstacleStatements(client, complaints);
    return (await tryStatements(client, await Promise.all(statements.map(formatStatement)))).ran;
  });
}

function tryOn(work: ScratchDatabase, statements: readonly string[]) {
  return statements.length === 0
    ? { ran: [], failed: [] }
    : work.connect((client) => tryStatements(client, statements, alternatives));
}

interface Proposed {
  readonly plain: readonly string[];
  readonly online: readonly string[];
  readonly complaints: readonly string[];
}

async function proposeNext(client: Client, wanted: Schema, options: ConversionOptions): Promise<Proposed> {
  const changes = nameChanges(await readNamed(client), wanted.named);
  if (changes.length > 0) {
    // The engine is asked again once names agree.
    return { plain: await Promise.all(changes.map(formatStatement)), online: [], complaints: [] };
  }
  const present = await readCatalog(client, { ignoreSchemas: [] });
  const differences = compareCatalogs(wanted.catalog, present);
  if (differences.length === 0) {
    return { plain: [], online: [], complaints: [] };
  }
  const plain: string[] = [];
  const online: string[] = [];
  try {
    for (const { sql } of propose(await readState(client), wanted.state)) {
      const apart = options.online === "none" ? undefined : await onlineForm(sql, options.isInUse);
      const forms = await Promise.all((apart ?? [sql]).map(formatStatement));
      (apart || options.online === "all" ? online : plain).push(...forms);
    }
    const extras = plain.length + online.length === 0 ? extraStatements(differences, wanted.catalog, present) : [];
    return { plain: [...plain, ...(await Promise.all(extras.map(formatStatement)))], online, complaints: [] };
  } catch (error) {
    return { plain: [], online: [], complaints: [(error as Error).message] };
  }
}
