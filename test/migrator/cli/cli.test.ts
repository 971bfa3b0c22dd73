import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { jsonLines, makeDirectory, runMigrator, writeMigrations } from "../../support/migrator";

test("an unknown command exits 2 and suggests the right one", async () => {
  expect(await runMigrator(["statsu", "--no-json"])).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/unknown command 'statsu'[\s\S]*Did you mean status/),
  });
});

test("an unknown option exits 2", async () => {
  expect(await runMigrator(["up", "--frobnicate", "--no-json"])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("unknown option '--frobnicate'"),
  });
});

test("all bad options are reported at once, whether given as flag or as variable", async () => {
  const result = await runMigrator(["up", "--connect-timeout", "soon", "--no-json"], {
    SCHEMAGATE_LOCK_WAIT: "-1",
    SCHEMAGATE_AHEAD: "maybe",
  });

  expect(result.code).toBe(2);
  expect(result.stderr).toContain('--connect-timeout ("soon"): must be seconds, a number from 0 to 86400');
  expect(result.stderr).toContain('SCHEMAGATE_LOCK_WAIT ("-1"): must be seconds, a number from 0 to 86400');
  expect(result.stderr).toContain('SCHEMAGATE_AHEAD ("maybe"): must be one of pass, refuse');
});

test("an error is one JSON line when the output is no terminal", async () => {
  const result = await runMigrator(["up", "--dir", "/nowhere/at-all"]);

  expect(jsonLines(result.stderr)).toMatchObject([
    { level: "error", event: "failed", code: "no-directory", exitCode: 2 },
  ]);
});

test("create writes a migration that sorts behind all others, and up refuses it until it says something", async () => {
  const dir = writeMigrations({ "29990101000000_future.sql": "-- migrate:up\nSELECT 1;\n" });

  const result = await runMigrator(["create", "-m", "Add Façade & invoices!", "--dir", dir, "--no-json"]);

  expect(result.code).toBe(0);
  const [, file = ""] = readdirSync(dir).sort();
  expect(file).toMatch(/^2999\d{10}_add_facade_invoices\.sql$/);
  expect(readFileSync(join(dir, file), "utf8")).toBe("-- migrate:up\n\n\n-- migrate:down\n\n");
  const up = await runMigrator(["up", "--dir", dir, "--no-json", "--data-dir", makeDirectory()]);
  expect(up).toMatchObject({ code: 4, stderr: expect.stringContaining("[empty-up, exit 4]") });
});

test("create without a message exits 2", async () => {
  expect(await runMigrator(["create", "--no-json", "--dir", writeMigrations({})])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("[no-message, exit 2]"),
  });
});

test("every command has help with an example, and every option names its variable", async () => {
  for (const command of ["up", "down", "redo", "status", "current", "history", "create", "seal", "stamp", "repair"]) {
    const { code, stdout } = await runMigrator([command, "--help"]);
    expect(code).toBe(0);
    expect(stdout).toContain(`$ schemagate ${command}`);
    const section = stdout.slice(stdout.indexOf("Options:"), stdout.indexOf("Examples:"));
    const options = section
      .split(/\n {2}(?=-)/)
      .slice(1)
      .map((option) => option.replace(/\s+/g, " "));
    for (const option of options.filter((text) => !/--help|--no-json/.test(text))) {
      expect(option).toMatch(/env: [A-Z_]+\)/);
    }
  }
});
