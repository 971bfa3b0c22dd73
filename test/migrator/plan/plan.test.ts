import type { LedgerRow } from "../../../migrator/ledger/ledger";
import { type Policy, planDown, planUp } from "../../../migrator/plan/plan";
import type { Migration, Source } from "../../../migrator/source/migration";

const policy: Policy = { ahead: "pass", outOfOrder: "refuse" };

function migration(name: string, checksum = `sha256:${"a".repeat(64)}`): Migration {
  const section = { sql: "SELECT 1", firstLine: 2, transaction: true };
  return { kind: "sql", name, file: `${name}.sql`, checksum, up: section, down: section };
}

function source(...names: string[]): Source {
  return {
    dir: "migrations",
    sealed: false,
    problems: [],
    repeatables: [],
    hooks: {},
    migrations: names.map((name) => migration(name)),
  };
}

function ledger(...names: string[]): LedgerRow[] {
  return names.map((name, index) => ({
    name,
    checksum: `sha256:${"a".repeat(64)}`,
    sequence: index + 1,
    appliedAt: new Date(0),
  }));
}

const stepNames = (plan: { steps: readonly { migration: Migration }[] }) =>
  plan.steps.map((step) => step.migration.name);

describe("planUp", () => {
  test.each<[string, string[], string[], string[], string[]]>([
    ["applies everything to an empty ledger", ["1_a", "2_b"], [], ["1_a", "2_b"], []],
    ["applies what is pending", ["1_a", "2_b"], ["1_a"], ["2_b"], []],
    ["does nothing when all is applied", ["1_a", "2_b"], ["1_a", "2_b"], [], []],
    ["orders by number, not by text", ["9_a", "10_b"], ["9_a"], ["10_b"], []],
    [
      "refuses a hole in the middle, with the whole reason",
      ["1_a", "3_c"],
      ["1_a", "2_b", "3_c"],
      [],
      ["migration 2_b is applied, but this source does not hold it although it holds newer ones"],
    ],
    [
      "refuses a pending migration older than the newest applied one",
      ["1_a", "2_b", "3_c"],
      ["1_a", "3_c"],
      [],
      ["migration 2_b is pending, but newer migrations are applied already: two branches met"],
    ],
    [
      "refuses a pending migration that meets a newer database",
      ["1_a", "2_b"],
      ["1_a", "3_c"],
      [],
      ["migration 2_b is pending, but newer migrations are applied already: two branches met"],
    ],
  ])("%s", (_name, inSource, applied, steps, problems) => {
    const plan = planUp(source(...inSource), ledger(...applied), policy);

    expect(stepNames(plan)).toEqual(steps);
    expect(plan.problems.map(({ message }) => message)).toEqual(problems);
  });

  test("passes a database that is ahead, with a warning that names what is ahead", () => {
    const plan = planUp(source("1_a"), ledger("1_a", "2_b"), policy);

    expect(plan.problems).toEqual([]);
    expect(plan.warnings).toEqual([
      {
        code: "ahead",
        message: "the database is ahead of this source by 1: 2_b",
        hint: "Right for a rollback or an old replica that restarts; otherwise deploy the newer image.",
      },
    ]);
  });

  test("applies a late migration when the policy allows it", () => {
    const plan = planUp(source("1_a", "2_b"), ledger("2_b"), { ...policy, outOfOrder: "allow" });

    expect(stepNames(plan)).toEqual(["1_a"]);
    expect(plan.problems).toEqual([]);
  });

  test("INV-2: does nothing at all when there is a problem beside a pending migration", () => {
    const plan = planUp(source("2_b", "3_c"), ledger("1_a", "2_b"), policy);

    expect(plan.steps).toEqual([]);
    expect(plan.problems).toHaveLength(1);
  });

  test("refuses to go up over a down that stopped midway", () => {
    const [row] = ledger("1_a");
    const progress = { direction: "down", done: 1, total: 2, prefix: "" } as const;
    const plan = planUp(source("1_a"), row ? [{ ...row, progress }] : [], policy);

    expect(plan.problems.map(({ code }) => code)).toEqual(["partial-down"]);
  });
});

describe("planDown", () => {
  test("reverts what was applied last, by the ledger's order", () => {
    expect(stepNames(planDown(source("1_a", "2_b"), ledger("2_b", "1_a")))).toEqual(["1_a"]);
  });

  test("has nothing to do on an empty ledger", () => {
    expect(planDown(source("1_a"), [])).toEqual({ steps: [], warnings: [], problems: [] });
  });

  test("refuses when the last migration was edited since", () => {
    const edited = { ...source("1_a"), migrations: [migration("1_a", `sha256:${"b".repeat(64)}`)] };

    expect(planDown(edited, ledger("1_a")).problems).toEqual([
      {
        code: "checksum-mismatch",
        message:
          "migration 1_a was edited after it was applied (ledger sha256 aaaaaaaaaaaa…, file sha256 bbbbbbbbbbbb…: 1_a.sql)",
        hint: "Restore the file and put the change into a new migration, or accept the edit with `repair`.",
      },
    ]);
  });
});
