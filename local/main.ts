import { resolve } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { namesDatabase } from "../migrator/connection/config";
import { withEmbeddedPostgres } from "../migrator/embedded/embedded-postgres";
import { exitCodes } from "../migrator/errors";
import { toSchemagateError } from "../migrator/output";
import { createStyle, describeError } from "../migrator/report";
import { readContainerApp } from "./container-app";
import { databaseEnvironment } from "./environment";
import { play } from "./play";
import { Story } from "./story";
import { synthesize } from "./synth";

/** Local runs use the cheap environment; nothing of it reaches Azure. */
const environment = "dev";

interface Options {
  readonly once?: boolean;
  readonly dir?: string;
  readonly port?: number;
  readonly dataDir: string;
}

async function main(): Promise<number> {
  const program = new Command("npm run local --")
    .description("Plays the synthesized Container App on this machine: the migrator first, then the app.")
    .option("--once", "end as soon as the app is ready")
    .option("--dir <directory>", "other migrations than those of the image")
    .option("--port <port>", "port of the app; 0 for any free one (default: the synthesized one)", parsePort)
    .option("--data-dir <directory>", "where the embedded PostgreSQL keeps its data", ".data")
    .parse();
  const options = program.opts<Options>();
  const colors = process.stdout.isTTY === true && !process.env.NO_COLOR;
  const story = new Story((line) => void process.stdout.write(`${line}\n`), colors);
  try {
    return await run(options, story, listenForSignals());
  } catch (thrown) {
    const error = toSchemagateError(thrown);
    process.stderr.write(`${describeError(error, createStyle(colors))}\n`);
    return error.exitCode;
  }
}

async function run(options: Options, story: Story, signal: AbortSignal): Promise<number> {
  const outDir = resolve(options.dataDir, "cdktf.out");
  const start = performance.now();
  await synthesize(environment, outDir);
  const app = readContainerApp(outDir, "app");
  story.done(`stacks synthesized for ${environment}`, performance.now() - start);
  const playOn = (database: Readonly<Record<string, string | undefined>>) =>
    play(app, {
      machine: process.env,
      database,
      port: options.port,
      once: options.once ?? false,
      // The migrator prints JSON lines, as on the platform; the story puts them into words.
      overrides: { SCHEMAGATE_JSON: "true", SCHEMAGATE_DIR: options.dir && resolve(options.dir) },
      signal,
      story,
    });
  const database = databaseEnvironment(process.env);
  if (namesDatabase({ databaseUrl: database.DATABASE_URL, env: database })) {
    story.done("database: the one this shell names");
    return playOn(database);
  }
  return withEmbeddedPostgres(options.dataDir, process.env, (url) => {
    story.done(`database: embedded PostgreSQL in ${options.dataDir}`);
    return playOn({ DATABASE_URL: url });
  });
}

function listenForSignals(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => controller.abort());
  }
  return controller.signal;
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new InvalidArgumentError("must be a number from 0 to 65535.");
  }
  return port;
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error) => {
    process.stderr.write(`${String(error)}\n`);
    process.exitCode = exitCodes.unexpected;
  },
);
