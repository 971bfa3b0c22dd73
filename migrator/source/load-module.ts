import { refusal, usageError } from "../errors";
import type { MigrationModule } from "./migration";

/**
 * Loads a TypeScript or JavaScript migration.
 *
 * @param path absolute path.
 * @throws refused (exit 4) when it exports no `up`.
 */
export async function loadMigrationModule(path: string): Promise<MigrationModule> {
  // A sealed module is compiled, and its image has no jiti; everything else is read as it was written.
  const exported = asRecord(path.endsWith(".cjs") ? require(path) : await importSource(path));
  // A CommonJS file arrives as the default export of its namespace.
  const found = typeof exported.up === "function" ? exported : asRecord(exported.default);
  const { up, down, transaction } = found;
  if (typeof up !== "function" || (down !== undefined && typeof down !== "function")) {
    throw refusal({
      code: "bad-module",
      message: `${path}: exports ${typeof up !== "function" ? "no function `up`" : "a `down` that is no function"}`,
      hint: "Export `async function up({ client, log })` and, to make it revertible, `down`.",
    });
  }
  return {
    up: up as MigrationModule["up"],
    down: down as MigrationModule["down"],
    transaction: transaction !== false,
  };
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
