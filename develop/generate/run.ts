import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ProcessContext } from "../../migrator/run/session";
import { compareNames } from "../../migrator/source/migration";
import { migrationName } from "../../migrator/source/new-name";
import { type TwoSchemas, type TwoSchemasOptions, withTwoSchemas } from "../two-schemas";
import { describeProblem } from "./describe";
import { type Generated, generateMigration, type WrittenMigrations } from "./generate";
import { parseRenames, type RenameHint } from "./renames";
import { renderFile } from "./render";

export interface RunGenerateOptions extends TwoSchemasOptions {
  /** The part of the new names that people read. */
  readonly slug: string;
  /** Hints as given. */
  readonly renames: readonly string[];
  /** Writes no file. */
  readonly dryRun: boolean;
}

/**
 * Writes the migrations that lead from the migrations' schema to the models', proven; or nothing when there is nothing to
 * do.
 *
 * @throws usage (exit 2) for models, renames or names that will not do; what migrations throw.
 */
export function runGenerate(options: RunGenerateOptions, context: ProcessContext): Promise<WrittenMigrations> {
  const hints = parseRenames(options.renames);
  return withTwoSchemas(options, context, async (schemas) => {
    const generated = await generateAsking(schemas, hints, options, context);
    const files = nameFiles(generated, schemas, options);
    if (!options.dryRun) {
      await writeFiles(options.dir, files);
    }
    return { ...generated, files, written: !options.dryRun };
  });
}

/** On a terminal, asks whether what looks like a rename is one; elsewhere nothing waits for an answer. */
async function generateAsking(
  { base, models, scratch }: TwoSchemas,
  hints: readonly RenameHint[],
  { ledgerSchema }: RunGenerateOptions,
  { ask, signal }: ProcessContext,
): Promise<Generated> {
  const generate = (renames: readonly RenameHint[]) =>
    generateMigration({ base, models, scratch, renames, ledgerSchema, signal });
  const generated = await generate(hints);
  const accepted: string[] = [];
  const settled = new Set<string>();
  for (const { kind, from, to, hint } of ask ? generated.lookAlikes : []) {
    const question = `Is ${kind} ${from} now ${to}? Otherwise it is dropped with its data.`;
    if (ask && !settled.has(from) && !settled.has(to) && (await ask(question))) {
      accepted.push(hint);
      settled.add(from).add(to);
    }
  }
  return accepted.length > 0 ? generate(parseRenames([...hints.map(({ text }) => text), ...accepted])) : generated;
}

function nameFiles({ files, proof, complaints }: Generated, { source }: TwoSchemas, options: RunGenerateOptions) {
  const remarks = proof.ok
    ? []
    : ["NOT PROVEN: finish this file by hand.", ...proof.problems.flatMap(describeProblem), ...complaints];
  let newest = source.migrations
    .map(({ name }) => name)
    .sort(compareNames)
    .at(-1);
  return files.map(({ suffix, up, down, losses: own }) => {
    const name = migrationName([options.slug, suffix].filter(Boolean).join("_"), new Date(), newest);
    newest = name;
    return { name, path: join(options.dir, `${name}.sql`), text: renderFile({ up, down, losses: own, remarks }) };
  });
}

async function writeFiles(dir: string, files: WrittenMigrations["files"]): Promise<void> {
  await mkdir(dir, { recursive: true });
  for (const { path, text } of files) {
    await writeFile(path, text, { flag: "wx" });
  }
}
