import { execFileSync } from "node:child_process";
import { cpSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { cleanEnvironment, makeDirectory, start } from "../support/migrator";

const root = join(__dirname, "../..");

interface Instruction {
  readonly keyword: string;
  readonly rest: string;
}

/** The instructions of the Dockerfile. */
function readInstructions(): Instruction[] {
  return readFileSync(join(root, "Dockerfile"), "utf8")
    .split("\n")
    .filter((line) => line.trim() !== "" && !line.startsWith("#"))
    .join("\n")
    .replaceAll("\\\n", " ")
    .split("\n")
    .map((line) => ({ keyword: line.split(" ", 1)[0] ?? "", rest: line.slice(line.indexOf(" ") + 1).trim() }));
}

const instructions = readInstructions();
const finalStage = instructions.findLastIndex(({ keyword }) => keyword === "FROM");

describe("the Dockerfile", () => {
  const stage = instructions.slice(finalStage);
  const all = (keyword: string) => stage.filter((line) => line.keyword === keyword).map((line) => line.rest);

  it("starts node itself, so that signals reach the app", () => {
    expect(all("CMD").map((command) => JSON.parse(command))).toEqual([["node", "dist/app.js"]]);
    expect(all("ENTRYPOINT")).toEqual([]);
  });

  it("runs as a numeric user other than root", () => {
    expect(all("USER")).toEqual(["10001:10001"]);
  });

  it("takes nothing into the image but the bundles and the sealed migrations", () => {
    expect(all("COPY")).toEqual([
      "--from=build --chown=0:0 /app/dist/ dist/",
      "--from=build --chown=0:0 /app/build/migrations/ migrator/migrations/",
    ]);
  });

  it("takes the package managers of the base out, and does nothing else in it", () => {
    expect(all("RUN")).toEqual([
      expect.stringMatching(/^rm -rf \/usr\/local\/lib\/node_modules \/usr\/local\/bin\/npm /),
    ]);
  });
});

describe("the build stage", () => {
  const stage = instructions.slice(0, finalStage);
  const dir = makeDirectory();

  /** Copies what the stage copies, and runs what it runs after the installation. */
  beforeAll(() => {
    for (const { rest } of stage.filter(({ keyword }) => keyword === "COPY")) {
      const words = rest.split(" ");
      for (const path of words.slice(0, -1)) {
        cpSync(join(root, path), join(dir, path), { recursive: true });
      }
    }
    symlinkSync(join(root, "node_modules"), join(dir, "node_modules"));
    // What is compiled beforehand is for the image's Node and user: test/e2e/image.e2e.ts finds it there.
    const isRun = ({ keyword, rest }: Instruction) =>
      keyword === "RUN" && !/^npm ci|compile-cache|127\.0\.0\.1:1/.test(rest);
    for (const { rest } of stage.filter(isRun)) {
      execFileSync("bash", ["-ec", rest], { cwd: dir, env: cleanEnvironment(), stdio: "pipe" });
    }
  });

  const run = (...args: string[]) =>
    start(process.execPath, ["dist/cli.js", ...args], cleanEnvironment(), { cwd: dir }).ended;

  it("builds a migrator from what it copies", async () => {
    expect(await run("up", "--dir", "build/migrations", "--sql", "--to", "20260112140500")).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("CREATE TABLE"),
    });
  });

  it.each(["generate", "check", "verify", "drift", "lint", "plan"])("leaves %s to working copies", async (command) => {
    const { code, stderr } = await run(command, ...(command === "generate" ? ["-m", "x"] : []));

    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining("not part of an image") });
  });

  it("INV-17: leaves nothing of theirs in the bundles", () => {
    const chunks = readdirSync(join(dir, "dist/chunks"));
    expect(chunks.sort()).toEqual([
      "full.js",
      "identity.js",
      "libpg-query.js",
      "libpg-query.wasm",
      "start.js",
      "umzug.js",
    ]);
  });
});

describe("compose.yaml", () => {
  const { services } = parse(readFileSync(join(root, "compose.yaml"), "utf8"), { merge: true });

  it("starts the app only when the migrations went through", () => {
    expect(services.api.depends_on).toEqual({
      db: { condition: "service_healthy" },
      migrate: { condition: "service_completed_successfully" },
    });
    expect(services.migrate.depends_on).toEqual({ db: { condition: "service_healthy" } });
  });

  it("migrates and serves from one image, as the container app does", () => {
    expect(services.migrate.image).toBe(services.api.image);
    expect(services.migrate.build).toBe(services.api.build);
    expect([...services.migrate.entrypoint, ...services.migrate.command]).toEqual(["node", "dist/cli.js", "up"]);
    expect(services.migrate.environment.DATABASE_URL).toBe(services.api.environment.DATABASE_URL);
  });

  it("lets our containers write nothing and gain nothing", () => {
    for (const service of [services.migrate, services.api]) {
      expect(service).toMatchObject({ read_only: true, cap_drop: ["ALL"], security_opt: ["no-new-privileges:true"] });
    }
  });

  it("publishes ports on this machine only", () => {
    const ports = Object.values(services as Record<string, { ports?: string[] }>).flatMap(
      (service) => service.ports ?? [],
    );
    expect(ports).toHaveLength(2);
    for (const port of ports) {
      expect(port).toMatch(/^127\.0\.0\.1:/);
    }
  });
});
