import type { Problem } from "../errors";
import * as tables from "./index";
import type { Environment, OptionSpec } from "./read-options";
import { editDistance, suggest } from "./suggest";

/** Read beside the options: by the migrator, and by what deploys. */
const others = [
  ...["DATABASE_URL", "PGHOST", "PGPORT", "PGDATABASE"],
  ...["IMAGE_VERSION", "MIGRATOR_PASSWORD", "APP_PASSWORD"].map((name) => `SCHEMAGATE_${name}`),
  ...["ENVIRONMENT", "IMAGE", "IMAGE_TAG", "REDEPLOY"].map((name) => `SCHEMAGATE_${name}`),
];

/** Names of every variable there is. */
function knownNames(): string[] {
  const isSpec = (value: unknown): value is OptionSpec<unknown> =>
    typeof value === "object" && value !== null && "env" in value && "flags" in value;
  const specs = Object.values(tables).flatMap((table) =>
    isSpec(table) ? [table] : Object.values(table).filter(isSpec),
  );
  return [...new Set([...specs.map(({ env }) => env), ...others])];
}

/** What other tools call the variable with the database's address. */
const otherNames =
  /^(db|database|pg|postgres|postgresql)_?(url|uri|dsn|host|hostname|conn(ection)?(_?(string|url|uri))?)$|^(jdbc|prisma|sqlalchemy|postgres_prisma|flyway)_?(database_?)?(url|uri)$/i;

/** What may stand in a variable's name for SCHEMAGATE_. */
const ourPrefix = /^([acehgmst]{8,12}_|schema_?gate)/i;

/**
 * Variables that are set, and whose names nearly are those of a variable that is read. A value is never looked at but for
 * whether there is one.
 *
 * @param isDatabaseNamed whether anything names a database; then another variable for it is somebody else's.
 */
export function nearMisses(env: Environment, isDatabaseNamed: boolean): Problem[] {
  const known = knownNames();
  return Object.keys(env)
    .filter((name) => env[name] && !known.includes(name))
    .flatMap((name) => {
      const meant = meantByOurs(name, known) || (isDatabaseNamed ? "" : meantByDatabase(name));
      return meant ? [nearMiss(name, meant)] : [];
    });
}

function meantByOurs(name: string, known: readonly string[]): string {
  const ours = known.filter((candidate) => candidate.startsWith("SCHEMAGATE_"));
  if (!name.startsWith("SCHEMAGATE_")) {
    return ourPrefix.test(name) ? suggest(name, ours) : "";
  }
  const rest = (text: string) => text.slice("SCHEMAGATE_".length);
  // By what is behind the prefix, which alone would make any two names alike.
  const [, nearest] = /^Did you mean (\S+)\?/.exec(suggest(rest(name), ours.map(rest))) ?? [];
  return nearest ? `Did you mean SCHEMAGATE_${nearest}? ` : "";
}

function meantByDatabase(name: string): string {
  const near = (candidate: string, most: number) => editDistance(name.toUpperCase(), candidate) <= most;
  if (near("DATABASE_URL", 2) || otherNames.test(name)) {
    return `Did you mean ${/host/i.test(name) ? "PGHOST" : "DATABASE_URL"}? `;
  }
  const meant = name.startsWith("PG") && ["PGHOST", "PGDATABASE"].find((candidate) => near(candidate, 1));
  return meant ? `Did you mean ${meant}? ` : "";
}

function nearMiss(name: string, meant: string): Problem {
  return {
    code: "near-miss",
    message: `the variable ${name} is set, and nothing reads it`,
    hint: `${meant}docs/settings.md has the names of all.`,
  };
}
