import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** One change of a schema, from the directory `cases/<area>-<what>`. */
export interface CorpusCase {
  readonly name: string;
  /** What the change is about: `column`, `enum`, … */
  readonly area: string;
  /** What makes it worth a case, in a sentence. */
  readonly why: string;
  /** DDL of the schema before. */
  readonly before: string;
  /** DDL of the whole schema afterwards. */
  readonly after: string;
  /** Rows of the schema before. */
  readonly seed?: string;
  /** Path of a Drizzle module that says the same as `after`. */
  readonly models?: string;
  /** Hints as `generate --rename` takes them. */
  readonly renames: readonly string[];
  /** What inevitably loses data, or may: kind and name. */
  readonly losses: { readonly up: readonly string[]; readonly down: readonly string[] };
  /** First version of PostgreSQL that has what the case is about. */
  readonly since: number;
  /** Whether its rows contradict the schema afterwards, so that the migration has to fail on them. */
  readonly refuses: boolean;
  /** Whether a tool can prove what it wrote. */
  readonly provable: boolean;
}

/** case.json */
interface CaseFile {
  readonly why: string;
  readonly renames?: readonly string[];
  readonly losses: CorpusCase["losses"];
  readonly postgres?: { readonly min: number };
  readonly refuses?: boolean;
  readonly provable?: boolean;
}

const directory = join(__dirname, "cases");

/** Oldest version of PostgreSQL that the project supports. */
const oldest = 14;

/**
 * Reads the cases that a server can run, by name.
 *
 * @param major version of the server.
 */
export function readCases(major: number): CorpusCase[] {
  return readdirSync(directory)
    .sort()
    .map(readCase)
    .filter(({ since }) => since <= major);
}

function readCase(name: string): CorpusCase {
  const path = (file: string) => join(directory, name, file);
  const text = (file: string) => readFileSync(path(file), "utf8");
  const file: CaseFile = JSON.parse(text("case.json"));
  return {
    name,
    area: name.slice(0, name.indexOf("-")),
    why: file.why,
    before: text("before.sql"),
    after: text("after.sql"),
    seed: existsSync(path("seed.sql")) ? text("seed.sql") : undefined,
    models: existsSync(path("models.ts")) ? path("models.ts") : undefined,
    renames: file.renames ?? [],
    losses: file.losses,
    since: file.postgres?.min ?? oldest,
    refuses: file.refuses ?? false,
    provable: file.provable ?? true,
  };
}
