import type { ProcessContext } from "../migrator/run/session";
import { loadSource } from "../migrator/source/load";
import type { Migration, Source } from "../migrator/source/migration";
import { applyModels } from "./models/apply";
import type { LoadOptions, ModelSource } from "./models/model-adapter";
import { loadModels } from "./models/models";
import { refuseClusterWide } from "./scratch/cluster-wide";
import { layGround } from "./scratch/ground";
import { applyMigrations } from "./scratch/migrate";
import { type Scratch, type ScratchDatabase, type ScratchOptions, withScratch } from "./scratch/scratch";

export interface TwoSchemasOptions extends ScratchOptions {
  readonly dir: string;
  readonly ledgerSchema: string;
  /** Paths of the models. */
  readonly models: readonly string[];
  readonly modelOptions: Omit<LoadOptions, "signal" | "env">;
}

/** What the migrations lead to, and what the models say, each in a scratch database. */
export interface TwoSchemas {
  readonly source: Source;
  readonly scratch: Scratch;
  readonly base: ScratchDatabase;
  readonly models: ScratchDatabase;
}

/**
 * Runs `body` with both schemas.
 *
 * @throws usage (exit 2) for models that cannot be read or applied; what migrations throw, for theirs.
 */
export async function withTwoSchemas<T>(
  options: TwoSchemasOptions,
  context: ProcessContext,
  body: (schemas: TwoSchemas) => Promise<T>,
): Promise<T> {
  const { env, signal } = context;
  const source = await loadSource(options.dir);
  const models = [...(await loadModels(options.models, { ...options.modelOptions, signal, env })), ...others(source)];
  const texts = models.flatMap(({ statements }) => statements);
  await refuseClusterWide(texts, options, env);
  return withScratch(options, context, async (scratch) => {
    const base = await scratch.create("base");
    await applyMigrations(base, source, { ledgerSchema: options.ledgerSchema, signal });
    const wanted = await scratch.create("models");
    await layGround(wanted, texts);
    await wanted.connect((client) => applyModels(client, models));
    return body({ source, scratch, base, models: wanted });
  });
}

/** Repeatable objects and hooks are part of the schema that migrations lead to, and stay where they are declared. */
function others({ repeatables, hooks }: Source): ModelSource[] {
  return [hooks.beforeAll, ...repeatables, hooks.afterAll].flatMap((migration) =>
    migration ? toModelSource(migration) : [],
  );
}

function toModelSource(migration: Migration): ModelSource[] {
  return migration.kind === "sql"
    ? [
        {
          kind: "sql",
          path: migration.file,
          statements: [{ ...migration.up, file: migration.up.file ?? migration.file }],
        },
      ]
    : [];
}
