// Tells whether what was built is made of the files as they are now, without reading one of them: from a record that lies
// beside what was built, of everything that went in and came out.
const fs = require("node:fs");
const { basename, dirname, join, relative } = require("node:path");

/** Clocks of file systems are coarse: what changed this shortly before a build may have changed meanwhile. */
const settledMs = 100;

/** Beside an input, these say how its imports are resolved and compiled. */
const settingsBeside = ["package.json", "tsconfig.json"];

/** @returns what tells one state of a file or directory from another, as git's index does: any write changes it */
function stampOf(file) {
  const { ctimeMs, size, ino } = fs.statSync(file);
  return `${ctimeMs} ${size} ${ino}`;
}

/** @returns whether a build that began then has read these as they are now */
function isSettled(files, startMs) {
  return files.every((file) => fs.statSync(file).ctimeMs < startMs - settledMs);
}

/** @returns whether nothing has changed since the record was kept */
function isCurrent(root, record) {
  try {
    const { conditions, stamps } = JSON.parse(fs.readFileSync(record, "utf8"));
    return (
      conditions === conditionsOf(root) &&
      Object.entries(stamps).every(([file, stamp]) => stampOf(join(root, file)) === stamp)
    );
  } catch {
    return false;
  }
}

/**
 * Keeps what a build was made of, unless it changed meanwhile.
 *
 * @param build its root, when it began, paths of what it read and of what it wrote
 */
function keepRecord(record, { root, startMs, inputs, outputs }) {
  const read = withSurroundings(root, inputs);
  fs.rmSync(record, { force: true });
  if (!isSettled(read, startMs)) return;
  const stamps = Object.fromEntries([...read, ...outputs].map((file) => [relative(root, file), stampOf(file)]));
  const part = `${record}.${process.pid}`;
  fs.writeFileSync(part, JSON.stringify({ conditions: conditionsOf(root), stamps }));
  fs.renameSync(part, record);
}

/**
 * With the directories of the inputs, up to the root or to a node_modules, and the settings in them: a file that is added
 * may be what an import finds first from now on.
 */
function withSurroundings(root, inputs) {
  const all = new Set(inputs);
  for (const file of inputs) {
    for (let directory = dirname(file); directory !== root && !all.has(directory); directory = dirname(directory)) {
      all.add(directory);
      if (basename(directory) === "node_modules" || directory === dirname(directory)) break;
    }
  }
  const settings = [root, ...all].flatMap((directory) => settingsBeside.map((name) => join(directory, name)));
  return [...all, ...settings.filter((file) => fs.existsSync(file))];
}

/** The root itself is written to all the time: of it, only the names of what could be imported. */
function conditionsOf(root) {
  const names = fs.readdirSync(root).filter((name) => /\.([cm]?[jt]sx?|json)$/.test(name));
  return [process.version, process.env.NODE_PATH ?? "", ...names.sort()].join("\n");
}

module.exports = { isCurrent, isSettled, keepRecord, stampOf };
