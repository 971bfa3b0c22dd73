#!/usr/bin/env node
import { resolve } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import { namesDatabase } from "../migrator/connection/config";
import { withEmbeddedPostgres } from "../migrator/embedded/embedded-postgres";
import { exitCodes, SchemagateError, toSchemagateError } from "../migrator/errors";
import { describeError } from "../migrator/events/report";
import { createStyle } from "../migrator/events/words";
import { type ContainerApp, readContainerApp } from "./container-app";
import { databaseEnvironment } from "./environment";
import type { EngineKind } from "./pod/engine";
import { type PodRunOptions, printPod, runPod } from "./pod/run";
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

async function main(): Promise<number> {
  const program = new Command("npm run local --")
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
  refuseContradictions(options);
  const outDir = resolve(options.dataDir, "cdktf.out");
  const start = performance.now();
  await synthesize(environment, outDir);
  const app = readContainerApp(outDir, "app");
  const database = databaseEnvironment(process.env);
  if (options.print) {
    process.stdout.write(printPod(app, podOptions(options, database, story, signal)));
    return exitCodes.ok;
  }
  story.done(`stacks synthesized for ${environment}`, performance.now() - start);
  const playOn = (found: Environment) => playApp(app, options, found, story, signal);
  if (namesDatabase({ databaseUrl: database.DATABASE_URL, env: database })) {
    story.done("database: the one this shell names");
    return playOn(database);
  }
  return withEmbeddedPostgres(options.dataDir, process.env, (url) => {
    story.done(`database: embedded PostgreSQL in ${options.dataDir}`);
    return playOn({ DATABASE_URL: url });
  });
}

function playApp(
  app: ContainerApp,
  options: Options,
  database: Environment,
  story: Story,
  signal: AbortSignal,
): Promise<number> {
  if (options.runtime !== "process") {
    return runPod(app, podOptions(options, database, story, signal));
  }
  return play(app, {
    machine: process.env,
    database,
    port: options.port,
    once: options.once ?? false,
    // The migrator prints JSON lines, as on the platform; the story puts them into words.
    overrides: { SCHEMAGATE_JSON: "true", SCHEMAGATE_DIR: options.dir && resolve(options.dir) },
    signal,
    story,
  });
}

function podOptions(
  { runtime, image, port, once = false }: Options,
  database: Environment,
  story: Story,
  signal: AbortSignal,
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
