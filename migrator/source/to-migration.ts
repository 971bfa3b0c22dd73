import type { Problem } from "../errors";
import { checksum } from "./checksum";
import type { Migration, ModuleMigration } from "./migration";
import { parseSqlMigration } from "./parse-sql";

/** Makes a migration of a file's text; the same for a directory and for a sealed set. */
export function toMigration(
  name: string,
  file: string,
  text: string,
  load: ModuleMigration["load"],
  problems: Problem[],
): Migration | undefined {
  const identity = { name, file, checksum: checksum(text) };
  if (!file.endsWith(".sql")) {
    return { ...identity, kind: "module", load };
  }
  const parsed = parseSqlMigration(text, file);
  problems.push(...parsed.problems);
  return parsed.up && { ...identity, kind: "sql", up: parsed.up, down: parsed.down };
}
