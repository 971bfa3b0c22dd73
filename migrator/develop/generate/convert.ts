import type { Client } from "pg";
import { compareCatalogs, type Difference } from "../catalog/compare";
import { readCatalog } from "../catalog/read";
import type { ScratchDatabase } from "../scratch/scratch";
import { propose, readState, type SchemaState } from "./engine";
import { extraStatements } from "./extras";
import { formatStatement } from "./format";
import { type Named, nameChanges, readNamed } from "./name-changes";
import { obstacleStatements } from "./obstacles";
import { type IsInUse, onlineForm } from "./online";
import type { Schema } from "./schema";
import { type Failure, type Trial, tryStatements } from "./trial";
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

/** Three rounds are what most changes need: names, statements, a look at what is left. More is for the unforeseen. */
const mostRounds = 8;

/**
 * Changes a scratch database until its schema is the wanted one: looks what differs, tries what may help, and begins again.
 *
 * @param work is changed.
 */
export async function convert(work: ScratchDatabase, wanted: Schema, options: ConversionOptions): Promise<Conversion> {
  const way = new Way(work, options);
  let complaints: readonly string[] = [];
  for (let round = 0; round < mostRounds; round++) {
    const view = await work.connect((client) => lookAt(client, wanted));
    if (view.differences.length === 0) {
      return { ...way.statements, complaints: [] };
    }
    if (await way.run(nameChanges(view.named, wanted.named))) {
      continue;
    }
    const proposed = proposals(view.state, wanted.state);
    const { count, failures } = await way.runApart(proposed.statements);
    complaints = [...proposed.complaints, ...failures];
    const extras = count === 0 ? extraStatements(view.differences) : [];
    const helped = count > 0 || (await way.run(extras));
    const obstacles =
      complaints.length > 0 ? await work.connect((client) => obstacleStatements(client, complaints)) : [];
    const cleared = await way.run(obstacles);
    if (!helped && !cleared) {
      break;
    }
  }
  return { ...way.statements, complaints };
}

interface View {
  readonly differences: readonly Difference[];
  readonly named: readonly Named[];
  readonly state: SchemaState;
}

async function lookAt(client: Client, wanted: Schema): Promise<View> {
  return {
    differences: compareCatalogs(wanted.catalog, await readCatalog(client, { ignoreSchemas: [] })),
    named: await readNamed(client),
    state: await readState(client),
  };
}

function proposals(
  from: SchemaState,
  to: SchemaState,
): { statements: readonly string[]; complaints: readonly string[] } {
  try {
    return { statements: propose(from, to), complaints: [] };
  } catch (error) {
    return { statements: [], complaints: [(error as Error).message] };
  }
}

/** The statements that ran so far, and those that are tried next. */
class Way {
  private readonly plain: string[] = [];
  private readonly online: string[] = [];

  constructor(
    private readonly work: ScratchDatabase,
    private readonly options: ConversionOptions,
  ) {}

  get statements(): { readonly plain: readonly string[]; readonly online: readonly string[] } {
    return { plain: this.plain, online: this.online };
  }

  /** Tries statements that block nobody for long. @returns whether one of them ran. */
  async run(statements: readonly string[]): Promise<boolean> {
    return (await this.tryAll(await format(statements))).ran.length > 0;
  }

  /** Tries statements; those that must not block traffic come after the others, in a form that does not. */
  async runApart(statements: readonly string[]): Promise<{ count: number; failures: readonly string[] }> {
    const plain: string[] = [];
    const online: string[] = [];
    for (const sql of statements) {
      const apart = this.options.online === "none" ? undefined : await onlineForm(sql, this.options.isInUse);
      (apart || this.options.online === "all" ? online : plain).push(...(await format(apart ?? [sql])));
    }
    const first = await this.tryAll(plain);
    if (online.length === 0) {
      return { count: first.ran.length, failures: first.failed.map(describe) };
    }
    if (this.online.length === 0) {
      await this.options.beforeOnline?.();
    }
    const second = await this.tryOn([...online, ...first.failed.map(({ sql }) => sql)]);
    this.online.push(...second.ran);
    return { count: first.ran.length + second.ran.length, failures: second.failed.map(describe) };
  }

  /** What comes behind a statement that had to be apart stays behind it. */
  private async tryAll(statements: readonly string[]): Promise<Trial> {
    const trial = await this.tryOn(statements);
    (this.online.length > 0 ? this.online : this.plain).push(...trial.ran);
    return trial;
  }

  private async tryOn(statements: readonly string[]): Promise<Trial> {
    return statements.length === 0
      ? { ran: [], failed: [] }
      : this.work.connect((client) => tryStatements(client, statements, alternatives));
  }
}

function format(statements: readonly string[]): Promise<string[]> {
  return Promise.all(statements.map(formatStatement));
}

function describe({ sql, reason }: Failure): string {
  return `${reason}: ${sql}`;
}
