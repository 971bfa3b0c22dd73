import { type Problem, refusal } from "../../migrator/errors";
import type { LedgerRow } from "../../migrator/ledger/ledger";
import { versionedRows } from "../../migrator/plan/compare";
import { afterAllName, planUp } from "../../migrator/plan/plan";
import { compareNames, hasChecksum, type Migration, type Source } from "../../migrator/source/migration";

/**
 * What a ledger says was applied, as sets to be applied one behind the other: each holds all of those before it, so that
 * migrations come in the order in which they were applied, also where that is not the order of their names. Pending ones
 * are left out.
 *
 * @throws refused (exit 4) with every reason why this source cannot say what the ledger's migrations make.
 */
export function recordedSources(source: Source, rows: readonly LedgerRow[]): Source[] {
  const problems = [
    ...planUp(source, rows, { ahead: "refuse", outOfOrder: "allow" }).problems.map(withOwnHint),
    ...rows.flatMap(partialProblem),
    ...source.repeatables.flatMap((repeatable) => repeatableProblem(repeatable, rows)),
  ];
  if (problems.length > 0) {
    throw refusal(problems);
  }
  const recorded = new Set(rows.map(({ name }) => name));
  const repeatables = source.repeatables.filter(({ name }) => recorded.has(name));
  const sets = inOrderOfApplication(source, rows);
  return sets.map((migrations, index) => {
    const isLast = index === sets.length - 1;
    const { beforeAll, afterAll } = source.hooks;
    return {
      ...source,
      migrations,
      repeatables: isLast ? repeatables : [],
      hooks: isLast ? { beforeAll, afterAll } : { beforeAll },
    };
  });
}

function inOrderOfApplication({ migrations }: Source, rows: readonly LedgerRow[]): Migration[][] {
  const byName = new Map(migrations.map((migration) => [migration.name, migration]));
  const applied = [...versionedRows(rows)].sort((a, b) => a.sequence - b.sequence);
  const sets: Migration[][] = [[]];
  let newest: string | undefined;
  for (const { name } of applied) {
    const migration = byName.get(name);
    const set = sets.at(-1) ?? [];
    if (newest !== undefined && compareNames(name, newest) < 0) {
      sets.push([...set]);
    }
    sets.at(-1)?.push(...(migration ? [migration] : []));
    newest = name;
  }
  return sets;
}

const revisionHint = "Run `drift` from the revision that was deployed.";

function withOwnHint(problem: Problem): Problem {
  return problem.code === "ahead" ? { ...problem, hint: revisionHint } : problem;
}

function partialProblem({ name, progress }: LedgerRow): Problem[] {
  return progress?.direction === "up" && name !== afterAllName
    ? [
        {
          code: "partial",
          message: `migration ${name} stopped midway: nobody can say what the database should look like`,
          hint: "Finish it with `up`.",
        },
      ]
    : [];
}

/** The ledger keeps a text's checksum, not the text. */
function repeatableProblem(migration: Migration, rows: readonly LedgerRow[]): Problem[] {
  const { name, file } = migration;
  const row = rows.find((candidate) => candidate.name === name);
  return row && !row.progress && !hasChecksum(migration, row.checksum)
    ? [
        {
          code: "repeatable-changed",
          message: `${name} was changed since it was applied (${file}): what was applied is not here to compare with`,
          hint: `Apply it with \`up\`. Or: ${revisionHint}`,
        },
      ]
    : [];
}
