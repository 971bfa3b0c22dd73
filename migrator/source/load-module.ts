import { createRequire } from "node:module";
import { dirname } from "node:path";
import { compileFunction, constants } from "node:vm";
import { refusal, SchemagateError, usageError } from "../errors";
import { isTimeout, type MigrationModule } from "./migration";

/**
 * Loads a TypeScript or JavaScript migration: compiled as an image has it, where esbuild is installed.
 *
 * @param path absolute path.
 * @param dir directory of the migrations.
 * @throws refused (exit 4) when it cannot be loaded, exports neither `up` nor `batches`, or something of the wrong kind.
 */
export function loadMigrationModule(path: string, dir: string): Promise<MigrationModule> {
  return loadModule(path, () => runSource(path, dir));
}

/**
 * Loads a compiled migration of a sealed set.
 *
 * @param path absolute path.
 * @throws as `loadMigrationModule` does.
 */
export function loadCompiledModule(path: string): Promise<MigrationModule> {
  return loadModule(path, () => require(path));
}

/** @param load runs the file's top level. */
async function loadModule(path: string, load: () => unknown): Promise<MigrationModule> {
  const exported = asRecord(await settle(path, load));
  // A CommonJS file arrives as the default export of its namespace.
  const found = "up" in exported || "batches" in exported ? exported : asRecord(exported.default);
  const problem = describeProblem(found);
  if (problem) {
    throw refusal({
      code: "bad-module",
      message: `${path}: ${problem}`,
      hint: "Export `async function up({ client, log })` or `batches = { next, apply }`, and `down` to make it revertible.",
    });
  }
  return found as MigrationModule;
}

function describeProblem({ up, down, batches, ...options }: Record<string, unknown>): string | undefined {
  const { next, apply } = asRecord(batches);
  const isFunction = (value: unknown) => typeof value === "function";
  if (batches === undefined ? !isFunction(up) : up !== undefined) {
    return batches === undefined ? "exports no function `up`" : "exports both `up` and `batches`";
  }
  if (batches !== undefined && !(isFunction(next) && isFunction(apply))) {
    return "exports `batches` without the functions `next` and `apply`";
  }
  if (down !== undefined && !isFunction(down)) {
    return "exports a `down` that is no function";
  }
  return batchesProblem(asRecord(batches)) ?? optionProblem(options);
}

function batchesProblem({ total, pauseMs = 0 }: Record<string, unknown>): string | undefined {
  if (total !== undefined && typeof total !== "function") {
    return "exports `batches` with a `total` that is no function";
  }
  return isTimeout(pauseMs) ? undefined : "exports `batches` with a `pauseMs` that is no whole number of milliseconds";
}

function optionProblem({ transaction = true, lockTimeoutMs = 0, statementTimeoutMs = 0 }: Record<string, unknown>) {
  if (typeof transaction !== "boolean") {
    return "exports a `transaction` that is neither true nor false";
  }
  return isTimeout(lockTimeoutMs) && isTimeout(statementTimeoutMs)
    ? undefined
    : "exports a timeout that is no whole number of milliseconds";
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

async function settle(path: string, load: () => unknown): Promise<unknown> {
  try {
    return await load();
  } catch (cause) {
    if (cause instanceof SchemagateError) {
      throw cause;
    }
    throw loadError(path, cause);
  }
}

/** Says that a module cannot be loaded: exit 4. */
export function loadError(path: string, cause: unknown): SchemagateError {
  return refusal({
    code: "module-load",
    message: `${path} cannot be loaded: ${describeCause(cause)}`,
    hint: "Mend the file; what it imports must be there too, and its top level must not fail.",
  });
}

/** The message in one line, without the list of files that Node.js puts behind it. */
function describeCause(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : String(cause);
  return (message.split("\nRequire stack:")[0] ?? "").trim().replace(/\s*\n\s*/g, " ");
}

async function runSource(path: string, dir: string): Promise<unknown> {
  const compiler = await findCompiler();
  const esbuild = compiler?.findEsbuild();
  if (!compiler || !esbuild) {
    return importSource(path);
  }
  const { text } = await compiler.compile(esbuild, path, dir);
  return runText(text(dir), path);
}

/** @returns undefined in an image, which does not hold it. */
async function findCompiler() {
  try {
    return await import("./compile/compile");
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "MODULE_NOT_FOUND") {
      return undefined;
    }
    throw cause;
  }
}

/** Runs a text as the CommonJS module that a file would be. */
function runText(text: string, file: string): unknown {
  const made = { exports: {} as unknown };
  const names = ["exports", "require", "module", "__filename", "__dirname"];
  const run = compileFunction(text, names, {
    filename: file,
    // Not in Node 20.0 to 20.11, where only what is bundled can be imported.
    importModuleDynamically: constants?.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  run(made.exports, createRequire(file), made, file, dirname(file));
  return made.exports;
}

/** Without esbuild: a working copy that never seals need not have it. */
async function importSource(path: string): Promise<unknown> {
  let jiti: typeof import("jiti");
  try {
    jiti = require("jiti");
  } catch (cause) {
    throw usageError({
      code: "no-jiti",
      message: `${path} cannot be read here: the packages esbuild and jiti are missing (${String(cause)})`,
      hint: "Run `npm install`, or `schemagate seal` the migrations where esbuild is installed.",
    });
  }
  return jiti.createJiti(path).import(path);
}
