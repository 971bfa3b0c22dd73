import type { Client } from "pg";
import type { Catalog } from "../catalog/catalog";
import { compareCatalogs } from "../catalog/compare";
import { readCatalog } from "../catalog/read";
import type { ScratchDatabase } from "../scratch/scratch";
import { propose, readState, type SchemaState } from "./engine";
import { extraStatements } from "./extras";
import { formatStatement } from "./format";
import { nameChanges, readNamed } from "./name-changes";
import { obstacleStatements } from "./obstacles";
import { type IsInUse, onlineForm } from "./online";
import type { Schema } from "./schema";
import { type Failure, tryStatements } from "./trial";
import { alternatives } from "./type-changes";

/** Statements that turned one schema into another, as they ran. */
export interface Conversion {
  /** They may share a transaction. */
  readonly plain: readonly string[];
  /** They come after, each by itself. */
  readonly online: readonly string[];
  /** What the engine could not do, in its or the server's words. */
  readonly complaints: readonly string[];
  /** Whether among those apart are some that would have shared a transaction, had they not needed what was done apart. */
  readonly isTorn: boolean;
  /** Of the database as it is now, if it was read since the last statement ran. */
  readonly catalog?: Catalog;
}

export interface ConversionOptions {
  /** `split` puts what must not block traffic apart, `all` does everything that way, `none` nothing. */
  readonly online: "split" | "all" | "none";
  readonly isInUse: IsInUse;
  /** What the database is known to be before anything runs. @default it is read */
  readonly known?: Partial<Schema>;
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
  let catalog: Catalog | undefined;
  for (let round = 0; round < mostRounds; round++) {
    const known = round === 0 ? options.known : undefined;
    const { goesOn, apart, ...found } = await work.use((client) => plainRound(client, wanted, way, known));
    complaints = found.complaints;
    const { count, failures } = await way.runApart(apart);
    complaints = apart.length > 0 ? [...complaints, ...failures] : complaints;
    if (!goesOn && count === 0) {
      catalog = found.catalog;
      break;
    }
  }
  return { ...way.statements, complaints, isTorn: way.isTorn, catalog };
}

interface Round {
  /** Whether something changed. */
  readonly goesOn: boolean;
  /** Statements that are to be run by themselves. */
  readonly apart: readonly string[];
  readonly complaints: readonly string[];
  /** As it was when the round began. */
  readonly catalog: Catalog;
}

async function plainRound(client: Client, wanted: Schema, way: Way, known: ConversionOptions["known"]): Promise<Round> {
  const catalog = known?.catalog ?? (await readCatalog(client, { ignoreSchemas: [], keepPlans: true }));
  const differences = compareCatalogs(wanted.catalog, catalog);
  if (differences.length === 0) {
    return { goesOn: false, apart: [], complaints: [], catalog };
  }
  if (await way.run(client, nameChanges(known?.named ?? (await readNamed(client)), wanted.named))) {
    return { goesOn: true, apart: [], complaints: [], catalog };
  }
  const proposed = proposals(known?.state ?? (await readState(client)), wanted.state);
  const { ran, failed, apart } = await way.runPlain(client, proposed.statements);
  const complaints = [...proposed.complaints, ...failed];
  const extras = ran + apart.length === 0 ? extraStatements(differences) : [];
  const helped = ran > 0 || (await way.run(client, extras));
  const obstacles = complaints.length > 0 ? await obstacleStatements(client, complaints) : [];
  const cleared = await way.run(client, obstacles);
  return { goesOn: helped || cleared, apart, complaints, catalog };
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

/** What may as well be done a moment later: keys, identity, names, notes. */
const mayFollow =
  /\s(ADD CONSTRAINT|VALIDATE CONSTRAINT|ADD GENERATED|RENAME CONSTRAINT|REPLICA IDENTITY|CLUSTER ON)\s|^(COMMENT|GRANT|REVOKE|ALTER INDEX|CREATE STATISTICS)\s/;

/** The statements that ran so far. */
class Way {
  private readonly plain: string[] = [];
  private readonly online: string[] = [];

  /** Statements that would have shared a transaction were put apart, and more than keys and notes. */
  isTorn = false;

  constructor(
    private readonly work: ScratchDatabase,
    private readonly options: ConversionOptions,
  ) {}

  get statements(): { readonly plain: readonly string[]; readonly online: readonly string[] } {
    return { plain: this.plain, online: this.online };
  }

  /** Tries statements that block nobody for long. @returns whether one of them ran. */
  async run(client: Client, statements: readonly string[]): Promise<boolean> {
    const { ran } = await tryStatements(client, await format(statements), alternatives);
    this.add(ran);
    return ran.length > 0;
  }

  /**
   * Tries statements, except for those that must not block traffic.
   *
   * @returns what is to be run by itself: those, in a form that does not block, and what may wait for them.
   */
  async runPlain(client: Client, statements: readonly string[]) {
    const plain: string[] = [];
    const online: string[] = [];
    for (const sql of statements) {
      const apart = this.options.online === "none" ? undefined : await onlineForm(sql, this.options.isInUse);
      (apart || this.options.online === "all" ? online : plain).push(...(await format(apart ?? [sql])));
    }
    const { ran, failed } = await tryStatements(client, plain, alternatives);
    this.add(ran);
    const apart = online.length > 0 ? [...online, ...failed.map(({ sql }) => sql)] : [];
    this.isTorn ||=
      online.length > 0 && this.options.online === "split" && failed.some(({ sql }) => !mayFollow.test(sql));
    return { ran: ran.length, apart, failed: online.length > 0 ? [] : failed.map(describe) };
  }

  /** Tries statements that run by themselves. */
  async runApart(statements: readonly string[]): Promise<{ count: number; failures: readonly string[] }> {
    if (statements.length === 0) {
      return { count: 0, failures: [] };
    }
    if (this.online.length === 0) {
      await this.options.beforeOnline?.();
    }
    const { ran, failed } = await this.work.use((client) => tryStatements(client, statements, alternatives));
    this.online.push(...ran);
    return { count: ran.length, failures: failed.map(describe) };
  }

  /** What comes behind a statement that had to be apart stays behind it. */
  private add(ran: readonly string[]): void {
    (this.online.length > 0 ? this.online : this.plain).push(...ran);
    this.isTorn ||=
      this.online.length > 0 && this.options.online === "split" && ran.some((sql) => !mayFollow.test(sql));
  }
}

function format(statements: readonly string[]): Promise<string[]> {
  return Promise.all(statements.map(formatStatement));
}

function describe({ sql, reason }: Failure): string {
  return `${reason}: ${sql}`;
}
