import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { runMigrator, startMigrator, waitUntil } from "../../support/migrator";
import { writeProject } from "./support";

describe("models of a command", () => {
  const migration = "-- migrate:up\nCREATE TABLE a ();\n-- migrate:down\nDROP TABLE a;\n";

  /** Arguments of a command that reads a project's models. */
  const args = (dir: string) => [
    ...["generate", "--dry-run", "-m", "anything", "--json"],
    ...["--dir", join(dir, "migrations"), "--models", join(dir, "models.ts")],
  ];

  it("fail with 2 and their own words", async () => {
    const dir = writeProject({ "migrations/1_a.sql": migration, "models.ts": 'throw new Error("no settings");' });
    const { code, stderr } = await runMigrator(args(dir));
    expect(code).toBe(2);
    expect(JSON.parse(stderr)).toMatchObject({ code: "models-load", message: expect.stringContaining("no settings") });
  });

  it("end with the run when that is interrupted", async () => {
    const dir = writeProject({ "migrations/1_a.sql": migration });
    const pidFile = join(dir, "pid");
    const models = writeProject({
      "models.ts": `require("node:fs").writeFileSync(${JSON.stringify(pidFile)}, process.pid + "\\n"); for (;;);`,
    });
    const { child, ended } = startMigrator([...args(dir).slice(0, -1), join(models, "models.ts")]);
    await waitUntil(async () => existsSync(pidFile) && readFileSync(pidFile, "utf8").endsWith("\n"), "the module");
    child.kill("SIGTERM");
    expect(await ended).toMatchObject({ code: 143 });
    expect(() => process.kill(Number(readFileSync(pidFile, "utf8")), 0)).toThrow("ESRCH");
  });
});
