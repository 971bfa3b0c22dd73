import { type Problem, refusal } from "../../migrator/errors";
import type { ProcessContext } from "../../migrator/run/session";
import { loadSource } from "../../migrator/source/load";
import { compareCatalogs, type Difference } from "../catalog/compare";
import { readCatalog } from "../catalog/read";
import { findMergeBase } from "../git";
import { changedSince } from "../lint/changed";
import type { Finding } from "../lint/finding";
import { lintMigrations } from "../lint/lint";
import { type TwoSchemasOptions, withTwoSchemas } from "../two-schemas";
import { readSourceAt } from "./git-source";
import { historyProblems } from "./history";

export interface CheckOptions extends TwoSchemasOptions {
  /** Branch that this one is to be merged into. @default history is not checked, and all migrations are linted */
  readonly base?: string;
}

/** What stands between a branch and its merge. */
export interface Checked {
  /** Migrations (actual) against models (expected); absent where no models are named. */
  readonly differences?: readonly Difference[];
  /** Absent without a base. */
  readonly history?: readonly Problem[];
  /** Findings that are errors; warnings do not stop a merge. */
  readonly lint: readonly Finding[];
  readonly ok: boolean;
}

/**
 * Checks that models equal migrations, that the branch adds to one line of history, and that its migrations are safe.
 *
 * @throws usage (exit 2) for models or a base that will not do; refused (exit 4) for files that are no migrations.
 */
export async function check(options: CheckOptions, context: ProcessContext): Promise<Checked> {
  const { base, dir } = options;
  const source = await loadSource(dir);
  if (source.problems.length > 0) {
    throw refusal(source.problems);
  }
  const history =
    base === undefined
      ? undefined
      : historyProblems(
          {
            current: source,
            parted: await readSourceAt(await findMergeBase(base, source.dir), source.dir),
            base: await readSourceAt(base, source.dir),
          },
          base,
        );
  const names = base === undefined ? undefined : await changedSince(base, source);
  const lint = (await lintMigrations(source, names, context.signal)).filter(({ level }) => level === "error");
  const differences = options.models.length > 0 ? await compareSchemas(options, context) : undefined;
  const ok = [differences, history, lint].every((found) => !found || found.length === 0);
  return { differences, history, lint, ok };
}

function compareSchemas(options: CheckOptions, context: ProcessContext): Promise<Difference[]> {
  const ignoreSchemas = [options.ledgerSchema];
  return withTwoSchemas(options, context, async ({ base, models }) =>
    compareCatalogs(
      await models.connect((client) => readCatalog(client, { ignoreSchemas })),
      await base.connect((client) => readCatalog(client, { ignoreSchemas })),
    ),
  );
}
