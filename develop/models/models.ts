import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { type Problem, usageError } from "../../migrator/errors";
import { suggest } from "../../migrator/settings/suggest";
import { adapters } from "./adapters";
import type { LoadOptions, ModelAdapter, ModelSource } from "./model-adapter";

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
