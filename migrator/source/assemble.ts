import type { Problem } from "../errors";
import { checksum, checksumsOfSame } from "./checksum";
import type { SourceFile } from "./files";
import { compareNames, type Hooks, type Migration, type Source, versionOf } from "./migration";
import { parseSqlMigration, parseWholeFile } from "./parse-sql";
import { folders } from "./unread";

const migrationName = /^\d+_[A-Za-z0-9_-]+$/;
/** golang-migrate's files say `upgrade_v6.0`. In a module's name a dot would make a migration of `1_a.test.ts`. */
const sqlName = /^\d+_[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$/;
const extension = /\.(sql|[cm]?[jt]s)$/;
const pairFile = /\.(up|down)\.sql$/;

/** Puts the files of a directory or of a sealed set together: pure, so that both come out the same. */
export function assembleSource(
  dir: string,
  sealed: boolean,
  files: readonly SourceFile[],
  found: readonly Problem[],
): Source {
  const problems = [...found];
  const inFolder = (folder: string) => files.filter(({ path }) => path.startsWith(`${folder}/`));
  const top = files.filter(({ path }) => !path.includes("/"));
  const migrations = [...readPairs(top, problems), ...readSingles(top, problems)];
  migrations.sort((a, b) => compareNames(a.name, b.name));
  problems.push(...duplicateProblems(migrations));
  const repeatables = inFolder(folders.repeatable).flatMap((file) => readWhole(file, problems));
  problems.push(...sameNameProblems(repeatables));
  return { dir, sealed, migrations, repeatables, hooks: readHooks(inFolder(folders.hooks), problems), problems };
}

/** Name of a migration in a set's top folder, or nothing where the file is none. */
export function nameOfFile(path: string): string | undefined {
  const name = path.replace(pairFile, "").replace(extension, "");
  return (path.endsWith(".sql") ? sqlName : migrationName).test(name) ? name : undefined;
}

function readSingles(files: readonly SourceFile[], problems: Problem[]): Migration[] {
  return files
    .filter(({ path }) => !pairFile.test(path))
    .flatMap(({ path, file, text, load }): Migration[] => {
      const name = requireName(path, file, problems);
      if (!name) {
        return [];
      }
      const identity = { name, file, ...checksumsOf(text) };
      if (!path.endsWith(".sql")) {
        return [{ ...identity, kind: "module", load }];
      }
      const parsed = parseSqlMigration(text, file);
      problems.push(...parsed.problems);
      return parsed.up ? [{ ...identity, kind: "sql", up: parsed.up, down: parsed.down }] : [];
    });
}

/** `<name>.up.sql` and `<name>.down.sql` are one migration. */
function readPairs(files: readonly SourceFile[], problems: Problem[]): Migration[] {
  const pairs = files.filter(({ path }) => pairFile.test(path));
  const byPath = new Map(pairs.map((file) => [file.path, file]));
  const names = new Set(pairs.map(({ path }) => path.replace(pairFile, "")));
  return [...names].flatMap((pairName): Migration[] => {
    const [up, down] = [byPath.get(`${pairName}.up.sql`), byPath.get(`${pairName}.down.sql`)];
    const present = up ?? down;
    const name = present && requireName(present.path, present.file, problems);
    if (!up) {
      problems.push({
        code: "no-up-file",
        message: `${down?.file}: there is no ${pairName}.up.sql to go with it`,
        hint: "Restore it, or delete this file.",
      });
      return [];
    }
    if (!name) {
      return [];
    }
    return [
      {
        kind: "sql",
        name,
        file: up.file,
        ...checksumsOf(up.text, ...(down ? [down.text] : [])),
        up: parseWholeFile("up", up.text, up.file, problems),
        down: down && parseWholeFile("down", down.text, down.file, problems),
      },
    ];
  });
}

/** A file that only goes up: a repeatable object or a hook. Its name is its path. */
function readWhole({ path, file, text, load }: SourceFile, problems: Problem[]): Migration[] {
  const identity = { name: path.replace(extension, ""), file, ...checksumsOf(text) };
  if (path.endsWith(".down.sql")) {
    problems.push({
      code: "down-of-none",
      message: `${file}: what is in this folder only goes up, and this would run as up`,
      hint: "Delete it: what is undone is written in a new migration.",
    });
  }
  return path.endsWith(".sql")
    ? [{ ...identity, kind: "sql", up: parseWholeFile("up", text, file, problems) }]
    : [{ ...identity, kind: "module", load }];
}

function checksumsOf(...texts: readonly string[]) {
  return { checksum: checksum(texts.join("\0")), sameChecksums: () => checksumsOfSame(...texts) };
}

function readHooks(files: readonly SourceFile[], problems: Problem[]): Hooks {
  const hooks: { -readonly [K in keyof Hooks]: Hooks[K] } = {};
  for (const file of files) {
    const [hook] = readWhole(file, problems);
    const name = hook?.name.slice(folders.hooks.length + 1);
    if (name === "beforeAll" || name === "afterAll") {
      problems.push(...sameNameProblems([hooks[name], hook].filter((one) => one !== undefined)));
      hooks[name] = hook;
    } else {
      problems.push({
        code: "unknown-hook",
        message: `${file.file}: there is no hook of this name`,
        hint: "Hooks are hooks/beforeAll and hooks/afterAll, as .sql or .ts.",
      });
    }
  }
  return hooks;
}

function requireName(path: string, file: string, problems: Problem[]): string | undefined {
  const name = nameOfFile(path);
  if (!name) {
    problems.push({
      code: "bad-name",
      message: `${file}: "${path}" is no migration name`,
      hint:
        "Names are <UTC yyyymmddhhmmss>_<slug>.sql or .ts; `create -m` makes one. " +
        `What migrations import belongs in a folder; what is neither is ignored with "ignore": [${JSON.stringify(path)}] in schemagate.json.`,
    });
  }
  return name;
}

/** Of two files of one name only one would be known: `v.sql` and `v.ts`. */
function sameNameProblems(migrations: readonly Migration[]): Problem[] {
  const first = new Map<string, Migration>();
  return migrations.flatMap((migration) => {
    const other = first.get(migration.name);
    first.set(migration.name, other ?? migration);
    return other
      ? [
          {
            code: "duplicate-name",
            message: `${other.file} and ${migration.file} are both ${migration.name}: only one of them would be known`,
            hint: "Rename one of them, or delete it.",
          },
        ]
      : [];
  });
}

function duplicateProblems(migrations: readonly Migration[]): Problem[] {
  const problems: Problem[] = [];
  migrations.forEach((migration, index) => {
    const previous = migrations[index - 1];
    if (previous && versionOf(previous.name) === versionOf(migration.name)) {
      problems.push({
        code: "duplicate-version",
        message: `${previous.file} and ${migration.file} begin with the same number: their order is undefined`,
        hint: "Give one of them a newer timestamp.",
      });
    }
  });
  return problems;
}
