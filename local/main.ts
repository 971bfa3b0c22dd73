#!/usr/bin/env node
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { namesDatabase } from "../migrator/connection/config";
import { withEmbeddedPostgres } from "../migrator/embedded/embedded-postgres";
import { exitCodes, SchemagateError, toSchemagateError } from "../migrator/errors";
import { describeError } from "../migrator/events/report";
import { createStyle } from "../migrator/events/words";
import { type ContainerApp, readContainerApp, requireCommands } from "./container-app";
import { databaseEnvironment } from "./environment";
import { Interrupted, type Interruption, listenForSignals } from "./interruption";
import type { EngineKind } from "./pod/engine";
import { type PodRunOptions, printPod, runPod } from "./pod/run";
import { type HeldPort, holdPort } from "./port";
import { play } from "./processes/play";
import { Story } from "./story";
import { synthesize } from "./synth";

/** Local runs use the cheap environment; nothing of it reaches Azure. */
const environment = "dev";

type Environment = Readonly<Record<string, string | undefined>>;

interface Options {
  readonly once?: boolean;
  readonly runtime: "process" | EngineKind;
  readonly image?: string;
  readonly print?: boolean;
  readonly dir?: string;
  readonly port?: number;
  readonly dataDir: string;
}

async function main(argv: readonly string[]): Promise<number> {
  const interruption = listenForSignals();
  const colors = process.stdout.isTTY === true && !process.env.NO_COLOR;
  const story = new Story((line) => void process.stdout.write(`${line}\n`), colors);
  try {
    return await run(readCommandLine(argv), story, interruption);
  } catch (thrown) {
    if (thrown instanceof CommanderError) {
      // Commander has printed it already; asking for help is no error.
      return thrown.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
    }
    if (thrown instanceof Interrupted) {
      story.failed(thrown.message, "What was committed stays. Run again to go on.");
      return thrown.exitCode;
    }
    const error = toSchemagateError(thrown);
    process.stderr.write(`${describeError(error, createStyle(colors))}\n`);
    return error.exitCode;
  }
}

function readCommandLine(argv: readonly string[]): Options {
  return new Command("npm run local --")
    .description("Plays the synthesized Container App on this machine: the migrator first, then the app.")
    .option("--once", "end as soon as the app is ready")
    .addOption(
      new Option("--runtime <runtime>", "what plays it: processes of this machine, or a Pod of the built image")
        .choices(["process", "podman", "docker"])
        .default("process"),
    )
    .option("--image <image>", "with podman and docker: an image that exists, rather than building the Dockerfile")
    .option("--print", "with podman and docker: print the Pod, passwords hidden, and play nothing")
    .option("--dir <directory>", "other migrations than those of the image")
    .option("--port <port>", "port of the app; 0 for any free one (default: the synthesized one)", parsePort)
    .option("--data-dir <directory>", "where the embedded PostgreSQL keeps its data", ".data")
    .allowExcessArguments(false)
    .showSuggestionAfterError()
    .exitOverride()
    .parse(argv)
    .opts<Options>();
}

async function run(options: Options, story: Story, interruption: Interruption): Promise<number> {
  refuseContradictions(options);
  const start = performance.now();
  const app = await synthesizeApp(interruption.signal);
  const database = databaseEnvironment(process.env);
  if (options.print) {
    const port = options.port || app.targetPort;
    process.stdout.write(printPod(app, podOptions(options, port, database, story, interruption)));
    return exitCodes.ok;
  }
  if (options.runtime === "process") {
    requireCommands(app);
  }
  const held = await holdPort(options.port, app.targetPort, story);
  try {
    story.done(`stacks synthesized for ${environment}`, performance.now() - start);
    return await withLocalDatabase(options, database, story, (found) => {
      interruption.signal.throwIfAborted();
      return playApp(app, held, options, found, story, interruption);
    });
  } finally {
    await held.release();
  }
}

/** The app as it is synthesized now. Each run has a directory of its own for it: two may be at it at once. */
async function synthesizeApp(signal: AbortSignal): Promise<ContainerApp> {
  const outDir = mkdtempSync(join(tmpdir(), "schemagate-local-"));
  try {
    await synthesize(environment, outDir, undefined, signal);
    return readContainerApp(outDir, "app");
  } finally {
    rmSync(outDir, { recursive: true, force: true });
  }
}

function withLocalDatabase(
  { dataDir }: Options,
  database: Environment,
  story: Story,
  use: (database: Environment) => Promise<number>,
): Promise<number> {
  if (namesDatabase({ databaseUrl: database.DATABASE_URL, env: database })) {
    story.done("database: the one this shell names");
    return use(database);
  }
  return withEmbeddedPostgres(dataDir, process.env, (url) => {
    story.done(`database: embedded PostgreSQL in ${dataDir}`);
    return use({ DATABASE_URL: url });
  });
}

function playApp(
  app: ContainerApp,
  held: HeldPort,
  options: Options,
  database: Environment,
  story: Story,
  interruption: Interruption,
): Promise<number> {
  if (options.runtime !== "process") {
    return runPod(app, held, podOptions(options, held.port, database, story, interruption));
  }
  return play(app, {
    ...interruption,
    machine: process.env,
    database,
    held,
    once: options.once ?? false,
    // The migrator prints JSON lines, as on the platform; the story puts them into words.
    overrides: { SCHEMAGATE_JSON: "true", SCHEMAGATE_DIR: options.dir && resolve(options.dir) },
    story,
  });
}

function podOptions(
  { runtime, image, once = false }: Options,
  port: number,
  database: Environment,
  story: Story,
  { signal }: Interruption,
): PodRunOptions {
  return { engine: runtime === "docker" ? "docker" : "podman", image, database, port, once, story, signal };
}

function refuseContradictions({ runtime, image, print, dir }: Options): void {
  const refuse = (message: string, hint: string) => {
    throw new SchemagateError({ code: "contradicting-options", message, hint, exitCode: exitCodes.usage });
  };
  if (runtime === "process" && (image !== undefined || print)) {
    const option = print ? "--print" : `--image (${image})`;
    refuse(`${option} is for containers, and --runtime is process`, "Add --runtime podman or --runtime docker.");
  }
  if (runtime !== "process" && dir !== undefined) {
    refuse(
      `--dir (${dir}) is for processes, and --runtime is ${runtime}: an image carries its own migrations`,
      "Build an image with them, and name it with --image.",
    );
  }
}

function parsePort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(port <= 65_535)) {
    throw new InvalidArgumentError("must be a number from 0 to 65535.");
  }
  return port;
}

main(process.argv).then((code) => {
  process.exitCode = code;
});
