import { useTestDatabase } from "../../support/database";
import { runMigrator, writeMigrations } from "../../support/migrator";

const database = useTestDatabase();

function up(files: Readonly<Record<string, string>>, ...more: string[]) {
  const dir = writeMigrations(files);
  return runMigrator(["up", "--no-json", "--dir", dir, "--database-url", database.url, ...more]);
}

/** Keeps what a transaction is, as the server says it. */
const note = "CREATE TABLE found AS SELECT current_setting('transaction_isolation') AS isolation";

const isolations = () => database.query("SELECT isolation FROM found");

describe("the first statement of a transaction decides how isolated it is", () => {
  test.each([
    ["SET TRANSACTION ISOLATION LEVEL REPEATABLE READ", "repeatable read"],
    ["SET TRANSACTION ISOLATION LEVEL SERIALIZABLE, READ WRITE, DEFERRABLE", "serializable"],
    [
      "/* all of it sees one state */\n-- of the data\nSET transaction_isolation TO 'repeatable read'",
      "repeatable read",
    ],
    ["SET LOCAL search_path = public;\nSET TRANSACTION ISOLATION LEVEL SERIALIZABLE", "serializable"],
  ])("in SQL: %s", async (first, isolation) => {
    expect(await up({ "1_first.sql": `-- migrate:up\n${first};\n${note};\n` })).toMatchObject({ code: 0, stderr: "" });
    expect(await isolations()).toEqual([{ isolation }]);
  });

  test("in a module, in a long section and in a batch", async () => {
    const set = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ";
    const insert = "INSERT INTO found SELECT current_setting('transaction_isolation')";
    const long = `${set};\n${insert};\n${"SELECT 1; -- a statement that does nothing\n".repeat(40_000)}`;

    const result = await up({
      "1_module.ts": `export async function up({ client }: any) {
        await client.query("${set}");
        await client.query("${note}");
      }`,
      "2_long.sql": `-- migrate:up\n${long}`,
      "3_batches.ts": `export const batches = {
        next: async (client: any, last: number | undefined) => (last === undefined ? [1] : []),
        apply: async (client: any) => {
          await client.query("${set}");
          await client.query("${insert}");
        },
      };`,
    });

    expect(result).toMatchObject({ code: 0, stderr: "" });
    expect(await isolations()).toEqual(Array(3).fill({ isolation: "repeatable read" }));
  });

  test("and it ends with its migration", async () => {
    const result = await up({
      "1_first.sql": "-- migrate:up\nSET TRANSACTION ISOLATION LEVEL SERIALIZABLE;\nSELECT 1;\n",
      "2_next.sql": `-- migrate:up\n${note};\n`,
    });

    expect(result.code).toBe(0);
    expect(await isolations()).toEqual([{ isolation: "read committed" }]);
  });
});

test("a transaction that was ended is noticed whatever is set or reset in it", async () => {
  expect(await up({ "1_reset.sql": `-- migrate:up\nRESET ALL;\n${note};\nRESET ALL;\n` })).toMatchObject({ code: 0 });

  const ended = await up({
    "1_reset.sql": `-- migrate:up\nRESET ALL;\n${note};\nRESET ALL;\n`,
    "2_again.ts": `export async function up({ client }: any) {
      await client.query("CREATE TABLE half (id integer)");
      await client.query("COMMIT AND CHAIN");
      await client.query("CREATE TABLE other_half (id integer)");
    }`,
  });

  expect(ended).toMatchObject({ code: 8, stderr: expect.stringContaining("[transaction-ended, exit 8]") });
});
