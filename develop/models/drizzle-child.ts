import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, relative } from "node:path";
import { createJiti } from "jiti";
import { describeLoadError } from "./describe-load-error";
import { type DrizzleDdl, type DrizzleRefusal, type DrizzleRequest, drizzleReply } from "./drizzle-messages";
import { checkObjects, isDrizzle } from "./drizzle-objects";
import { mendSnapshot, type Snapshot } from "./drizzle-snapshot";

/** Of drizzle-kit/api, what is used here. */
interface DrizzleKit {
  generateDrizzleJson(
    exported: Record<string, unknown>,
    previousId?: string,
    schemas?: string[],
    casing?: DrizzleRequest["casing"],
  ): Snapshot;
  generateMigration(previous: Snapshot, current: Snapshot): Promise<string[]>;
}

/** What is wrong with the modules. */
class Refusal extends Error {
  constructor(readonly problem: Omit<DrizzleRefusal, "ok">) {
    super(problem.message);
  }
}

/** Loads modules and writes the DDL of what they export: the script of a process of its own. */
async function answer({ modules, casing }: DrizzleRequest): Promise<DrizzleDdl> {
  const [first = ""] = modules;
  const project = createRequire(first);
  versionOf(project, "drizzle-orm");
  const version = versionOf(project, "drizzle-kit");
  const objects = new Set<unknown>();
  for (const path of modules) {
    for (const object of await load(path)) {
      objects.add(object);
    }
  }
  const exported = Object.fromEntries([...objects].map((object, index) => [String(index), object]));
  const wrong = checkObjects(objects);
  if (wrong) {
    throw new Refusal(wrong);
  }
  const kit = project("drizzle-kit/api") as DrizzleKit;
  // drizzle-kit prints what is wrong and ends the process.
  process.exit = (code) => {
    throw new Error(`it ended with exit code ${code}`);
  };
  const snapshot = kit.generateDrizzleJson(exported, undefined, undefined, casing);
  mendSnapshot(snapshot, objects);
  return { ok: true, statements: await kit.generateMigration(kit.generateDrizzleJson({}), snapshot), kit: version };
}

/** @returns what a module exports: something of Drizzle's at least, and drizzle-kit leaves the rest alone. */
async function load(path: string): Promise<unknown[]> {
  let exported: Record<string, unknown>;
  try {
    exported = await createJiti(path, { tsconfigPaths: true }).import(path);
  } catch (cause) {
    throw new Refusal({
      code: "models-load",
      message: `${relative(process.cwd(), path)} cannot be loaded: ${describeLoadError(cause)}`,
    });
  }
  const names = Object.keys(exported);
  // A CommonJS file arrives as the default export of its namespace.
  const { default: whole } = exported;
  const values = [...Object.values(exported), ...(typeof whole === "object" && whole ? Object.values(whole) : [])];
  if (!values.some(isDrizzle)) {
    throw new Refusal({
      code: "no-models",
      message: `${relative(process.cwd(), path)} exports nothing of Drizzle's: ${names.length > 0 ? `it exports ${names.join(", ")}` : "it has no exports"}`,
      hint: "Export the tables themselves: `export const orders = pgTable(…)`.",
    });
  }
  return values;
}

/** @throws Refusal when the package is not there. */
function versionOf(project: NodeJS.Require, name: string): string {
  const folder = (project.resolve.paths(name) ?? []).map((dir) => join(dir, name, "package.json"));
  for (const file of folder) {
    try {
      return String(JSON.parse(readFileSync(file, "utf8")).version);
    } catch {
      // Not in this directory: it may be in one above it.
    }
  }
  throw new Refusal({
    code: "no-drizzle",
    message: `the package ${name} is not installed where the models are (looked from ${join(folder[0] ?? "", "../../..")} upwards)`,
    hint: "Install it there: `npm install --save-dev drizzle-kit@0.31` and `npm install drizzle-orm@0.45`.",
  });
}

const exit = process.exit;

function send(reply: DrizzleDdl | DrizzleRefusal): void {
  process.send?.({ from: drizzleReply, ...reply });
}

// Whoever asked is gone: nobody would stop this process any more.
process.on("disconnect", () => exit());
answer(JSON.parse(process.argv.at(-1) ?? "{}") as DrizzleRequest).then(send, (error: unknown) => {
  const problem =
    error instanceof Refusal
      ? error.problem
      : {
          code: "drizzle-kit",
          message: `drizzle-kit cannot write the DDL: ${describeLoadError(error)}`,
          hint: "Mend the models; what drizzle-kit cannot say can be said in SQL files beside them.",
        };
  send({ ok: false, ...problem });
});
