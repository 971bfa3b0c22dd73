import { refusal, usageError } from "../errors";
import type { MigrationModule } from "./migration";

/**
 * Loads a TypeScript or JavaScript migration.
 *
 * @param path absolute path.
 * @throws refused (exit 4) when it exports neither `up` nor `batches`, or something else of the wrong kind.
 */
export async function loadMigrationModule(path: string): Promise<MigrationModule> {
  // A sealed module is compiled, and its image has no jiti; everything else is read as it was written.
  const exported = asRecord(path.endsWith(".cjs") ? require(path) : await importSource(path));
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
  const timeouts = [options.lockTimeoutMs, options.statementTimeoutMs];
  const isTimeout = (value: unknown) => value === undefined || (Number.isInteger(value) && Number(value) >= 0);
  return timeouts.every(isTimeout) ? undefined : "exports a timeout that is no whole number of milliseconds";
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
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
