// Runs infra/main.ts, what cdktf.json names as the app.
//
// Read module by module, the stacks' program takes four fifths of its time for finding, reading and compiling 550 files. So
// it is bundled once with its packages and kept in node_modules/.cache, with V8's code for it, until one of those files
// changes. Settings are not in it: they are read as they are. Whatever goes wrong here, jiti runs infra/main.ts instead,
// and tells what there is to tell with the names and lines of the sources.
const { createHash } = require("node:crypto");
const fs = require("node:fs");
const { dirname, join, relative } = require("node:path");
const { pathToFileURL } = require("node:url");
const vm = require("node:vm");
const { isSettled, stampOf } = require("./build/stamps.cjs");

const root = dirname(__dirname);
const main = join(root, "infra", "main.ts");
const cache = join(root, "node_modules", ".cache", "schemagate-infra");
const record = join(cache, "program.json");

/** Decide what the bundle becomes, beside the files that esbuild reads. The last one changes with every installation. */
const otherInputs = [__filename, join(root, "tsconfig.json"), join(root, "node_modules", ".package-lock.json")];

/** @returns the kept bundle, when it is made of the files as they are now */
function findProgram() {
  try {
    const { hash, inputs } = JSON.parse(fs.readFileSync(record, "utf8"));
    if (inputs.some(([file, stamp]) => stampOf(join(root, file)) !== stamp)) return undefined;
    // esbuild writes ASCII only, and as Latin-1 it is read fastest.
    return { hash, code: fs.readFileSync(join(cache, `${hash}.cjs`), "latin1") };
  } catch {
    return undefined;
  }
}

/** Bundles the program and keeps it. */
function buildProgram() {
  const startMs = Date.now();
  fs.mkdirSync(cache, { recursive: true });
  const { outputFiles, metafile } = require("esbuild").buildSync({
    absWorkingDir: root,
    entryPoints: [main],
    bundle: true,
    write: false,
    metafile: true,
    platform: "node",
    format: "cjs",
    target: `node${process.versions.node}`,
    charset: "ascii",
    minifyWhitespace: true,
    logLevel: "silent",
    // Reads the settings, and is a bundle itself.
    external: ["jiti"],
  });
  const code = outputFiles[0].text;
  const hash = createHash("sha256").update(code).digest("hex");
  const files = [...Object.keys(metafile.inputs).map((file) => join(root, file)), ...otherInputs];
  if (isSettled(files, startMs)) {
    for (const old of fs.readdirSync(cache)) fs.rmSync(join(cache, old), { force: true });
    writeWhole(join(cache, `${hash}.cjs`), code);
    writeWhole(record, JSON.stringify({ hash, inputs: files.map((file) => [relative(root, file), stampOf(file)]) }));
  }
  return { hash, code };
}

/** Several may synthesize at once: a file is there as a whole or not at all. */
function writeWhole(file, contents) {
  const part = `${file}.${process.pid}`;
  fs.writeFileSync(part, contents);
  fs.renameSync(part, file);
}

function runProgram({ hash, code }) {
  // Another Node's or processor's code is not even looked at; V8 checks versions and flags itself, of the source its length only.
  const codeCache = join(cache, `${hash}.${process.version}-${process.arch}`);
  const cachedData = fs.existsSync(codeCache) ? fs.readFileSync(codeCache) : undefined;
  const script = new vm.Script(`(function (exports, require, module, __filename, __dirname) {${code}\n})`, {
    filename: join(cache, `${hash}.cjs`),
    cachedData,
  });
  const module = { exports: {} };
  script.runInThisContext()(module.exports, require, module, main, dirname(main));
  if (process.exitCode === undefined && (cachedData === undefined || script.cachedDataRejected))
    keep(codeCache, script);
}

/** After a run that wrote the stacks, so that V8's code for all that is called is in it. */
function keep(codeCache, script) {
  try {
    writeWhole(codeCache, script.createCachedData());
  } catch {
    // Only the next run's time is lost.
  }
}

try {
  runProgram(findProgram() ?? buildProgram());
} catch {
  process.argv.splice(2, 0, main);
  import(pathToFileURL(join(dirname(require.resolve("jiti/package.json")), "lib", "jiti-cli.mjs")));
}
