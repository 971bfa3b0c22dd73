import { isLasting, KillMatrix, kinds } from "./support/kill-matrix";

// Two runs for each point, on a machine that may be busy.
let matrix: KillMatrix;

beforeAll(async () => {
  matrix = await KillMatrix.start();
});

afterAll(() => matrix.drop());

describe("INV-4, INV-5: a run that is killed ends, run again, in the state of an undisturbed run, at one point of each kind:", () => {
  /** The last of a kind: more was done before it. The whole of them is in kill-matrix.matrix.ts. */
  const ofEachKind = () =>
    [...new Set(Object.values(kinds).map((pattern) => matrix.units.findLast(({ sql }) => pattern.test(sql))))].filter(
      (unit) => unit !== undefined,
    );

  test("killed before the server sees a message", async () => {
    const chosen = ofEachKind();

    expect(chosen.length).toBeGreaterThan(10);
    expect(await matrix.run(chosen, "before")).toEqual({ kills: chosen.length, wrong: [] });
  });

  test.each(["after", "during"] as const)(
    "killed %s the server's work on what lasts, and before the client knows",
    async (moment) => {
      const chosen = ofEachKind().filter(isLasting);

      expect(chosen.length).toBeGreaterThan(4);
      expect(await matrix.run(chosen, moment)).toEqual({ kills: chosen.length, wrong: [] });
    },
  );
});

test("the matrix covers lock, begin, statements of every kind, ledger, commit and unlock", () => {
  const missing = Object.entries(kinds).filter(([, pattern]) => !matrix.units.some(({ sql }) => pattern.test(sql)));

  expect(missing.map(([kind]) => kind)).toEqual([]);
  expect(matrix.units.length).toBeGreaterThan(Object.keys(kinds).length);
});

test.each([
  ["a row changed twice", "UPDATE accounts SET amount = amount + 10 WHERE id = 4"],
  ["a statement that ran twice", "INSERT INTO elsewhere.audit VALUES ('added once')"],
  ["an invalid index", "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'accounts_amount'::regclass"],
  ["progress left behind", `UPDATE schemagate.migrations SET progress = '{"done":1}' WHERE name LIKE '%_batches'`],
  [
    "a migration recorded twice",
    "INSERT INTO schemagate.runs (action, name, checksum, outcome, duration_ms, replica, tool_version) SELECT action, name, checksum, outcome, 0, '', '' FROM schemagate.runs WHERE name LIKE '%_code'",
  ],
])("the comparison notices %s", async (_, damage) => {
  const { before, after } = await matrix.differences(damage);

  expect(before).toEqual([]);
  expect(after).not.toEqual([]);
});
