import { mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { makeDirectory } from "../support/migrator";

interface Build {
  readonly root: string;
  readonly startMs: number;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

const {
  isCurrent,
  keepRecord,
}: { isCurrent(root: string, record: string): boolean; keepRecord(record: string, build: Build): void } =
  require("../../scripts/build/stamps.cjs");

let project: string;
let record: string;

const write = (file: string, text = ""): string => {
  const path = join(project, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
};
const remove = (file: string) => rmSync(join(project, file));

/** A build that everything now there was settled for. */
function keep(startMs = Date.now() + 3_600_000): void {
  const inputs = ["src/part/a.ts", "node_modules/pg/lib/index.js", "templates/empty"].map((file) =>
    join(project, file),
  );
  keepRecord(record, { root: project, startMs, inputs, outputs: [join(project, "dist/cli.js")] });
}

beforeEach(() => {
  project = makeDirectory();
  record = join(project, "dist/build.json");
  for (const file of ["src/part/a.ts", "node_modules/pg/lib/index.js", "dist/cli.js"]) write(file, "1");
  for (const file of ["package.json", "tsconfig.json", "node_modules/pg/package.json"]) write(file, "{}");
  mkdirSync(join(project, "templates/empty"), { recursive: true });
  keep();
});

const current = () => isCurrent(project, record);

it("is current while nothing changes that a build reads or writes", () => {
  expect(current()).toBe(true);
  write("docs/index.md");
  write("README.md");
  write("dist/other.js");
  write(".data/postmaster.pid");
  expect(current()).toBe(true);
});

it.each<[string, () => void]>([
  ["a source changes", () => write("src/part/a.ts", "2")],
  ["a source is gone", () => remove("src/part/a.ts")],
  ["a source changes and keeps size and time", () => touchBack("src/part/a.ts")],
  ["a file comes in whose name an import may find first", () => write("src/part/a.tsx")],
  ["a file comes in one directory above", () => write("src/part.ts")],
  ["a file comes in beside the directories", () => write("src.ts")],
  ["settings come in beside a source", () => write("src/part/package.json")],
  ["a directory that was read and was empty gets a file", () => write("templates/empty/new")],
  ["tsconfig.json changes", () => write("tsconfig.json", '{ "compilerOptions": {} }')],
  ["package.json changes", () => write("package.json", '{ "type": "module" }')],
  ["a package's file changes", () => write("node_modules/pg/lib/index.js", "2")],
  ["a package's package.json changes", () => write("node_modules/pg/package.json", '{ "main": "other.js" }')],
  ["a package comes in", () => write("node_modules/pg-native/index.js")],
  ["what was built is gone", () => remove("dist/cli.js")],
  ["what was built is replaced", () => write("dist/cli.js", "2")],
  ["the record is gone", () => remove("dist/build.json")],
  ["the record is half", () => writeFileSync(record, readFileSync(record, "utf8").slice(0, 100))],
])("is not current when %s", (_, change) => {
  change();
  expect(current()).toBe(false);
});

it("is not current for another Node or another NODE_PATH", () => {
  const { NODE_PATH } = process.env;
  try {
    process.env.NODE_PATH = "/somewhere";
    expect(current()).toBe(false);
  } finally {
    if (NODE_PATH === undefined) delete process.env.NODE_PATH;
    else process.env.NODE_PATH = NODE_PATH;
  }
  writeFileSync(record, readFileSync(record, "utf8").replace(process.version, "v20.0.0"));
  expect(current()).toBe(false);
});

it("keeps no record, not even the old one, when a source changed about when the build began, or later", () => {
  write("src/part/a.ts", "2");
  keep(Date.now());
  expect(current()).toBe(false);
  keep();
  expect(current()).toBe(true);
  keep(Date.now() - 3_600_000);
  expect(current()).toBe(false);
});

function touchBack(file: string): void {
  const past = new Date(2020, 1, 1);
  utimesSync(write(file, "2"), past, past);
}
