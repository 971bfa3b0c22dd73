import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { type Problem, usageError } from "../../migrator/errors";
import type { Environment } from "../../migrator/settings";
import { suggest } from "../../migrator/settings/suggest";
import { adapters, type ModelAdapter } from "./adapters";

/** What the schema should be, as one adapter says it in DDL. */
export interface ModelSource {
  /** Name of the adapter: `drizzle`, `sql`. */
  readonly kind: string;
  /** What it was read from, for messages. */
  readonly path: string;
  readonly statements: readonly ModelSql[];
}

/** One statement. */
export interface ModelSql {
  readonly sql: string;
  /** Path for messages. */
  readonly file: string;
  /** Line of the file on which the statement begins, from 1; of a generated one, always 1. */
  readonly firstLine: number;
  /** What stands in front of the statement on that line. @default "" */
  readonly linePrefix?: string;
  /** Whether a tool wrote it, so that the file has no such line. @default false */
  readonly generated?: boolean;
  /** Whether it sets a parameter of the session, which counts for the statements behind it in the same file. @default false */
  readonly setsSession?: boolean;
  /** Whether it creates a role, which belongs to the server and not to the database. @default false */
  readonly createsRole?: boolean;
  /** Name of the object that it creates, without its schema. @default unknown */
  readonly creates?: string;
}

export interface LoadOptions {
  /** Ends what is under way; its reason is thrown. */
  readonly signal: AbortSignal;
  /** Environment of the run; modules get the harmless part of it. */
  readonly env: Environment;
  /** Names of variables that modules get besides. @default none */
  readonly passEnv?: readonly string[];
  /** How drizzle names columns that have no name of their own. @default as the property is called */
  readonly casing?: "snake_case" | "camelCase";
  /** How long the modules may take to load, in milliseconds. @default 60000 */
  readonly timeoutMs?: number;
}

/** A path with the adapter that reads it. */
interface Assigned {
  readonly adapter: ModelAdapter;
  readonly path: string;
}

/**
 * Reads models and brings them into DDL.
 *
 * @param paths files and directories; `kind:path` names the adapter, otherwise the path tells which it is.
 * @returns sources in the order of the paths; modules of one kind are one source, because they may import each other.
 * @throws usage (exit 2) with everything that is wrong with them; the signal's reason.
 */
export async function loadModels(paths: readonly string[], options: LoadOptions): Promise<ModelSource[]> {
  if (paths.length === 0) {
    throw usageError({
      code: "no-models",
      message: "nothing says what the schema should be: no models are named",
      hint: 'Name them with --models or SCHEMAGATE_MODELS, or in schemagate.json: { "models": ["app/models.ts"] }.',
    });
  }
  const problems: Problem[] = [];
  const assigned: Assigned[] = [];
  // One after the other, so that problems come in the order of the paths.
  for (const path of paths) {
    const found = await assign(path, problems);
    assigned.push(...(found ? [found] : []));
  }
  if (problems.length > 0) {
    throw usageError(problems);
  }
  const sources: ModelSource[] = [];
  for (const adapter of new Set(assigned.map((one) => one.adapter))) {
    const own = assigned.filter((one) => one.adapter === adapter).map((one) => one.path);
    sources.push(...(await adapter.load([...new Set(own)], options)));
    options.signal.throwIfAborted();
  }
  return sources;
}

async function assign(given: string, problems: Problem[]): Promise<Assigned | undefined> {
  // Two letters at least: one is a drive.
  const [, kind, rest] = /^([a-z][\w-]+):(.*)$/s.exec(given) ?? [];
  const named = adapters.find((adapter) => adapter.kind === kind);
  const path = named && rest !== undefined ? rest : given;
  const found = await stat(path).catch((cause: NodeJS.ErrnoException) => {
    problems.push(kind !== undefined && !named ? unknownAdapter(given, kind) : unreadable(path, cause));
  });
  if (!found) {
    return undefined;
  }
  const adapter = named ?? adapters.find(({ recognises }) => recognises(path, found.isDirectory()));
  if (!adapter) {
    problems.push({
      code: "unknown-models",
      message: `${path}: nothing here reads such ${found.isDirectory() ? "a directory" : "a file"}`,
      hint: `Known are ${adapters.map(({ kind, about }) => `${kind} (${about})`).join(" and ")}; "kind:path" names one.`,
    });
    return undefined;
  }
  return { adapter, path };
}

function unknownAdapter(given: string, kind: string): Problem {
  const kinds = adapters.map((adapter) => adapter.kind);
  return {
    code: "unknown-adapter",
    message: `models ${JSON.stringify(given)}: there is no adapter ${kind}`,
    hint: `${suggest(kind, kinds)}Adapters: ${kinds.join(", ")}.`,
  };
}

function unreadable(path: string, cause: NodeJS.ErrnoException): Problem {
  return {
    code: "no-models",
    message: `the models ${path} cannot be read: ${cause.code === "ENOENT" ? `there is no ${resolve(path)}` : cause.message}`,
    hint: "Paths of --models and SCHEMAGATE_MODELS are relative to the working directory, those in schemagate.json to that file.",
  };
}
