import { randomBytes } from "node:crypto";
import { createTestDatabase, serverUrl, type TestDatabase, withClient } from "../../support/database";
import { jsonLines, runMigrator, writeMigrations } from "../../support/migrator";

let database: TestDatabase;
/** Roles belong to the whole server: each test has names of its own. */
let id: string;
const password = "pass";

beforeEach(async () => {
  database = await createTestDatabase();
  id = randomBytes(4).toString("hex");
  await database.query(`CREATE ROLE admin_${id} LOGIN CREATEROLE PASSWORD '${password}'`);
  await database.query(`ALTER DATABASE ${database.name} OWNER TO admin_${id}`);
  await database.query("REVOKE CREATE ON SCHEMA public FROM PUBLIC");
});

afterEach(async () => {
  await database.drop();
  await withClient(serverUrl(), async (client) => {
    const { rows } = await client.query("SELECT rolname FROM pg_roles WHERE rolname LIKE $1 ORDER BY 1 DESC", [
      `%\\_${id}`,
    ]);
    for (const { rolname } of rows) {
      await client.query(`DROP ROLE ${client.escapeIdentifier(rolname)}`);
    }
  });
});

function urlOf(role: string): string {
  const url = new URL(database.url);
  [url.username, url.password] = [role, password];
  return url.href;
}

interface Roles {
  readonly migrator: string;
  readonly app: string;
}

const rolesOf = (app: string): Roles => ({ migrator: `${app}_m_${id}`, app: `${app}_a_${id}` });

function bootstrap({ migrator, app }: Roles, ...more: string[]) {
  const roles = ["--migrator-role", migrator, "--app-role", app];
  const passwords = {
    SCHEMAGATE_MIGRATOR_PASSWORD: password,
    SCHEMAGATE_APP_PASSWORD: migrator === app ? "" : password,
  };
  return runMigrator(["bootstrap", "--no-json", "--database-url", urlOf(`admin_${id}`), ...roles, ...more], passwords);
}

function up({ migrator }: Roles, files: Record<string, string>, ...more: string[]) {
  const dir = writeMigrations(files);
  return runMigrator(["up", "--no-json", "--dir", dir, "--database-url", urlOf(migrator), ...more]);
}

const shopFiles = { "20260101000001_shop.sql": "-- migrate:up\nCREATE TABLE orders (id integer);\n" };
const moreShopFiles = {
  ...shopFiles,
  "20260301000001_more.sql": "-- migrate:up\nCREATE TABLE lines (id integer);\n",
};
const billFiles = { "20260201000001_bill.sql": "-- migrate:up\nCREATE TABLE invoices (id integer);\n" };
const billsSchemas = ["--schema", "bill", "--ledger-schema", "bill_ledger"];

/** What a bootstrap could change: owners and rights in the database, roles of the server and their settings. */
function snapshot(): Promise<unknown> {
  return database.query(
    `SELECT (SELECT json_agg(n ORDER BY nspname) FROM pg_namespace n WHERE nspname !~ '^pg_(toast_)?temp') AS schemas,
            (SELECT json_agg(json_build_array(relname, relowner, relacl::text) ORDER BY relname) FROM pg_class
              WHERE relnamespace <> 'pg_catalog'::regnamespace) AS tables,
            (SELECT json_agg(d ORDER BY oid) FROM pg_default_acl d) AS defaults,
            (SELECT datacl::text FROM pg_database WHERE datname = current_database()) AS database,
            (SELECT json_agg(json_build_array(rolname, rolcanlogin) ORDER BY rolname) FROM pg_roles WHERE rolname LIKE $1) AS roles,
            (SELECT json_agg(s ORDER BY setrole) FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase
              WHERE d.datname = current_database()) AS settings`,
    [`%\\_${id}`],
  );
}

async function expectRefused(result: Awaited<ReturnType<typeof bootstrap>>, before: unknown, ...told: string[]) {
  expect(result.code).toBe(2);
  for (const text of ["[other-app, exit 2]", ...told]) {
    expect(result.stderr).toContain(text);
  }
  expect(await snapshot()).toEqual(before);
}

async function prepareShop(...more: string[]): Promise<Roles> {
  const shop = rolesOf("shop");
  expect(await bootstrap(shop, ...more)).toMatchObject({ code: 0, stderr: "" });
  return shop;
}

describe("a second app on one database", () => {
  test("fails when it would take the first one's schemas, names who owns them and what to do, and leaves everything as it was", async () => {
    const shop = await prepareShop();
    await up(shop, shopFiles);
    const before = await snapshot();

    const result = await bootstrap(rolesOf("bill"));

    await expectRefused(
      result,
      before,
      `role "${shop.migrator}" owns schema "app" and schema "schemagate", which "bill_m_${id}" would take`,
      "--schema NAME --ledger-schema NAME",
      `ALTER ROLE ${shop.migrator} RENAME TO bill_m_${id}`,
    );
    expect(await up(shop, moreShopFiles)).toMatchObject({ code: 0, stderr: "" });
  });

  test.each([
    ["the app's schema", ["--ledger-schema", "bill_ledger"], 'owns schema "app"'],
    ["the ledger's schema", ["--schema", "bill"], 'owns schema "schemagate"'],
    ["the schema as its ledger's", ["--schema", "bill", "--ledger-schema", "app"], 'owns schema "app"'],
  ])("fails when it would take %s alone, before the first has migrated anything", async (_what, options, told) => {
    await prepareShop();
    const before = await snapshot();

    await expectRefused(await bootstrap(rolesOf("bill"), ...options), before, told);
  });

  test("gets schemas of its own, and reaches nothing of the first one's", async () => {
    const shop = await prepareShop();
    await up(shop, shopFiles);
    const bill = rolesOf("bill");

    const result = await bootstrap(bill, ...billsSchemas, "--json");

    expect(jsonLines(result.stdout).at(-1)).toMatchObject({ event: "bootstrapped", notes: [] });
    expect(await up(bill, billFiles, "--ledger-schema", "bill_ledger")).toMatchObject({ code: 0, stderr: "" });
    expect(await up(shop, moreShopFiles)).toMatchObject({ code: 0, stderr: "" });
    expect(
      await database.query(
        `SELECT schemaname || '.' || tablename AS table, r AS role FROM pg_tables, unnest($1::text[]) AS r
          WHERE tablename IN ('orders', 'lines', 'invoices') AND has_schema_privilege(r, schemaname, 'USAGE')
            AND has_table_privilege(r, schemaname || '.' || tablename, 'INSERT') ORDER BY 1, 2`,
        [[shop.app, shop.migrator, bill.app, bill.migrator]],
      ),
    ).toEqual(
      [
        { table: "app.lines", ...shop },
        { table: "app.orders", ...shop },
        { table: "bill.invoices", ...bill },
      ].flatMap(({ table, app, migrator }) => [app, migrator].map((role) => ({ table, role }))),
    );
    expect(await bootstrap(shop)).toMatchObject({ code: 0, stdout: expect.stringContaining("nothing to change") });
    expect(await bootstrap(bill, ...billsSchemas)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("nothing to change"),
    });
  });

  test.each([
    ["both roles", (shop: Roles) => shop, ["app", "migrator"] as const],
    ["the app's role", (shop: Roles) => ({ ...rolesOf("bill"), app: shop.app }), ["app"] as const],
    ["the app's role as its migrator", (shop: Roles) => ({ ...rolesOf("bill"), migrator: shop.app }), ["app"] as const],
  ])(
    "fails when it has %s of the first, which would work in another schema from then on",
    async (_what, choose, whose) => {
      const shop = await prepareShop();
      const before = await snapshot();

      const told = whose.map((who) => `role "${shop[who]}" works in schema "app" of this database`);
      const result = await bootstrap(choose(shop), ...billsSchemas);

      expect(await snapshot()).toEqual(before);
      expect(result.code).toBe(2);
      for (const text of [...told, "RESET search_path"]) {
        expect(result.stderr).toContain(text);
      }
    },
  );

  test("fails when the first migrates as the database's owner, without a bootstrap", async () => {
    await database.query(`CREATE ROLE legacy_${id} LOGIN PASSWORD '${password}'`);
    await database.query(`ALTER DATABASE ${database.name} OWNER TO legacy_${id}`);
    await database.query(`GRANT CREATE ON SCHEMA public TO legacy_${id}`);
    expect(await up({ migrator: `legacy_${id}`, app: "" }, shopFiles)).toMatchObject({ code: 0 });
    const before = await snapshot();

    const result = await runMigrator([
      ...["bootstrap", "--no-json", "--database-url", database.url],
      ...["--migrator-role", `bill_m_${id}`, "--app-role", `bill_a_${id}`],
    ]);

    await expectRefused(
      result,
      before,
      `role "legacy_${id}" owns 5 objects in schema "schemagate"`,
      "ALTER TABLE … OWNER TO",
    );
  });

  test("that begins at the same moment is refused, or the other is: one of them has the schemas", async () => {
    const apps = ["shop", "bill", "mail"].map(rolesOf);

    const results = await Promise.all(apps.map((app) => bootstrap(app)));

    expect(results.map(({ code }) => code).sort()).toEqual([0, 2, 2]);
    const winner = apps[results.findIndex(({ code }) => code === 0)];
    expect(
      await database.query("SELECT pg_get_userbyid(nspowner) AS owner FROM pg_namespace WHERE nspname = 'app'"),
    ).toEqual([{ owner: winner?.migrator }]);
    expect(
      await database.query("SELECT rolname FROM pg_roles WHERE rolname LIKE $1 ORDER BY 1", [`%\\_m\\_${id}`]),
    ).toEqual([{ rolname: winner?.migrator }]);
  });

  test("is refused by the script too", async () => {
    await prepareShop();
    const before = await snapshot();
    const { stdout } = await bootstrap(rolesOf("bill"), "--sql");

    await withClient(urlOf(`admin_${id}`), async (client) => {
      await expect(client.query(stdout.replace(/^\\.*$/gm, ""))).rejects.toMatchObject({
        message: expect.stringContaining(`role "shop_m_${id}" owns schema "app" and schema "schemagate"`),
        hint: expect.stringContaining("--ledger-schema"),
      });
      await client.query("ROLLBACK");
    });
    expect(await snapshot()).toEqual(before);
  });

  test("hears in a note what it may write of the first one's, through PUBLIC or otherwise", async () => {
    const shop = await prepareShop();
    await up(shop, shopFiles);
    await database.query("GRANT USAGE ON SCHEMA app TO PUBLIC");
    await database.query("GRANT UPDATE ON app.orders TO PUBLIC");

    const result = await bootstrap(rolesOf("bill"), ...billsSchemas, "--json");
    await database.query(`REVOKE ALL ON app.orders FROM PUBLIC; GRANT ${shop.migrator} TO bill_m_${id}`);
    const again = await bootstrap(rolesOf("bill"), ...billsSchemas, "--json");

    expect(jsonLines(again.stdout).at(-1)?.notes).toEqual([
      expect.stringContaining(`"bill_m_${id}" may write tables of other schemas (app.orders, schemagate.format, `),
    ]);
    expect(jsonLines(result.stdout).at(-1)?.notes).toEqual([
      `"bill_a_${id}" may write tables of other schemas (app.orders): through PUBLIC, or a grant that bootstrap did not make`,
      `"bill_m_${id}" may write tables of other schemas (app.orders): through PUBLIC, or a grant that bootstrap did not make`,
    ]);
  });
});

describe("an app that finds the ledger of another", () => {
  const files = {
    older: "20250101000001_bill.sql",
    between: "20260201000001_bill.sql",
    newer: "20270101000001_bill.sql",
    alike: "20260101000001_shop.sql",
  };

  test.each(Object.entries(files))(
    "with files that are %s is told of a ledger of its own, and not to repair or rebase",
    async (_when, file) => {
      const shop = await prepareShop();
      await up(shop, moreShopFiles);
      const before = await database.query("SELECT name, checksum FROM schemagate.migrations ORDER BY 1");

      const result = await up(shop, { [file]: "-- migrate:up\nCREATE TABLE invoices (id integer);\n" });

      expect(result).toMatchObject({ code: 4, stderr: expect.stringContaining("--ledger-schema NAME") });
      expect(result.stderr).not.toMatch(/repair|rebase|--out-of-order|deploy the newer image/);
      expect(await database.query("SELECT name, checksum FROM schemagate.migrations ORDER BY 1")).toEqual(before);
    },
  );
});

describe("an app that shares names with the one whose ledger it finds", () => {
  const init = "1_init.sql";
  const create = (table: string) => `-- migrate:up\nCREATE TABLE ${table} (id integer);\n`;

  test.each([
    ["one that differs", { [init]: create("orders") }, { [init]: create("invoices"), "2_more.sql": create("more") }],
    [
      "one that is the same",
      { [init]: create("everything"), "2_shop.sql": create("orders") },
      { [init]: create("everything"), "3_bill.sql": create("invoices") },
    ],
  ])("with %s is told of a ledger of its own beside what else it may be", async (_what, shops, bills) => {
    const shop = await prepareShop();
    await up(shop, shops);

    const result = await up(shop, bills);

    expect(result).toMatchObject({
      code: 4,
      stderr: expect.stringContaining(
        "If another app applied it, this one needs a ledger of its own: --ledger-schema NAME",
      ),
    });
  });
});

describe("the same app", () => {
  test("takes over what an earlier role owns once that is renamed, or has handed over", async () => {
    const old = await prepareShop();
    await up(old, shopFiles);
    const renamed = { ...old, migrator: `shop_n_${id}` };
    await database.query(`ALTER ROLE ${old.migrator} RENAME TO ${renamed.migrator}`);

    expect(await bootstrap(renamed)).toMatchObject({ code: 0, stdout: expect.stringContaining("nothing to change") });

    const another = { ...old, migrator: `shop_o_${id}` };
    await database.query(
      `CREATE ROLE ${another.migrator}; REASSIGN OWNED BY ${renamed.migrator} TO ${another.migrator}`,
    );
    await database.query(`GRANT ${another.migrator} TO admin_${id} WITH ADMIN OPTION`);
    expect(await bootstrap(another)).toMatchObject({ code: 0, stderr: "" });
    expect(await up(another, moreShopFiles)).toMatchObject({ code: 0, stderr: "" });
  });

  test("goes from one role for both to two as before", async () => {
    const [shared, apart] = [{ migrator: `shop_a_${id}`, app: `shop_a_${id}` }, rolesOf("shop")];
    await bootstrap(shared);
    await up(shared, shopFiles);

    expect(await bootstrap(apart)).toMatchObject({ code: 0, stdout: expect.stringContaining("to another role than") });

    await database.query(`REASSIGN OWNED BY ${shared.app} TO ${apart.migrator}`);
    expect(await bootstrap(apart)).toMatchObject({ code: 0, stderr: "" });
    expect(await up(apart, moreShopFiles)).toMatchObject({ code: 0, stderr: "" });
  });

  test("goes from two roles to one once the migrator's has handed over", async () => {
    const apart = await prepareShop();
    await up(apart, shopFiles);
    const shared = { migrator: apart.app, app: apart.app };
    await expectRefused(
      await bootstrap(shared),
      await snapshot(),
      `REASSIGN OWNED BY ${apart.migrator} TO ${apart.app}`,
    );

    await database.query(`REASSIGN OWNED BY ${apart.migrator} TO ${apart.app}`);
    expect(await bootstrap(shared)).toMatchObject({ code: 0, stderr: "" });
    expect(await up(shared, moreShopFiles)).toMatchObject({ code: 0, stderr: "" });
  });

  test("fails when its two roles are swapped", async () => {
    const shop = await prepareShop();
    const before = await snapshot();

    const result = await bootstrap({ migrator: shop.app, app: shop.migrator });

    await expectRefused(result, before, `role "${shop.migrator}" owns schema "app" and schema "schemagate"`);
  });

  test("gets a schema that an administrator made for it, also beside an extension's tables", async () => {
    await database.query(`CREATE SCHEMA app AUTHORIZATION admin_${id}`);
    await database.query("CREATE EXTENSION pg_stat_statements SCHEMA app");

    const { migrator, app } = rolesOf("shop");
    // A superuser: the extension is one's.
    const args = ["--no-json", "--database-url", database.url, "--migrator-role", migrator, "--app-role", app];
    expect(await runMigrator(["bootstrap", ...args])).toMatchObject({ code: 0, stderr: "" });
  });

  test("moves to another schema once its roles are told to leave theirs", async () => {
    const shop = await prepareShop();
    for (const role of [shop.migrator, shop.app]) {
      await database.query(`ALTER ROLE ${role} IN DATABASE ${database.name} RESET search_path`);
    }

    expect(await bootstrap(shop, "--schema", "shop")).toMatchObject({ code: 0, stderr: "" });
  });

  test("follows its schema that was renamed", async () => {
    const shop = await prepareShop();
    await database.query("ALTER SCHEMA app RENAME TO shop");

    expect(await bootstrap(shop, "--schema", "shop")).toMatchObject({ code: 0, stderr: "" });
  });
});
