import { refusal, SchemagateError, usageError } from "../errors";
import { isTimeout, type MigrationModule } from "./migration";

/**
 * Loads a TypeScript or JavaScript migration.
 *
 * @param path absolute path.
 * @throws refused (exit 4) when it cannot be loaded, exports neither `up` nor `batches`, or something of the wrong kind.
 */
export async function loadMigrationModule(path: string): Promise<MigrationModule> {
  const exported = asRecord(await load(path));
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

/** Runs the file's top level. */
async function load(path: string): Promise<unknown> {
  try {
    // A sealed module is compiled, and its image has no jiti; everything else is read as it was written.
    return path.endsWith(".cjs") ? require(path) : await importSource(path);
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

async function importSource(path: string): Promise<unknown> {
  let jiti: typeof import("jiti");
  try {
    jiti = require("jiti");
  } catch (cause) {
    throw usageError({
      code: "no-jiti",
      message: `${path} cannot be read here: the package jiti is missing (${String(cause)})`,
      hint: "Run `npm install`, or `schemagate seal` the migrations where it is installed.",
    });
  }
  return jiti.createJiti(path).import(path);
}
