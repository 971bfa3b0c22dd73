import { namedConfig, namesDatabase } from "../connection/config";
import { beginConnection, dropHeadStart } from "../connection/head-start";
import { type ExitCode, exitCodes, SchemagateError } from "../errors";
import { type Environment, readOptions } from "../settings/read-options";
import { databaseOptions } from "../settings/shared-options";
import { HeldProcess } from "./held-process";
import type { Surroundings } from "./surroundings";

/** What an init container runs, and who looks after it: without arguments they need no parser, and do not load it. */
const bareCommands: ReadonlySet<string> = new Set(["up", "status", "history"]);

/** Runs this process's command line: the only place that reads its arguments, hears its signals and sets its exit code. */
export async function main(): Promise<void> {
  // A reader that went away (`| head`) is no error of ours.
  process.stdout.on("error", () => undefined);
  const stop = new AbortController();
  const held = new HeldProcess((error) => stop.abort(error));
  try {
    held.end(await runCommandLine(process.argv.slice(2), surroundingsOfProcess(stop)));
  } catch (error) {
    process.stderr.write(`${String(error)}\n`);
    held.end(exitCodes.unexpected);
  }
}

/** argv -> command -> exit code. Whatever else it reads, prints to or hears is in its surroundings. */
export async function runCommandLine(argv: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  const [name = "up", ...rest] = argv;
  if (rest.length > 0 || !bareCommands.has(name)) {
    const { runProgram } = await import("./program");
    return runProgram(argv, surroundings);
  }
  await headStart(surroundings.env);
  const { runBare } = await import("./run-bare");
  try {
    return await runBare(name, surroundings);
  } finally {
    dropHeadStart();
  }
}

/** To open a stream takes time: each is opened by who needs it first. */
function surroundingsOfProcess(stop: AbortController): Surroundings {
  listenForSignals(stop);
  return {
    env: process.env,
    signal: stop.signal,
    get stdin() {
      return process.stdin;
    },
    get stdout() {
      return process.stdout;
    },
    get stderr() {
      return process.stderr;
    },
  };
}

/** Begins to connect where the environment says how; what it says wrong, the command tells when it reads it again. */
async function headStart(env: Environment): Promise<void> {
  try {
    const { databaseUrl, auth, role } = readOptions(databaseOptions, {}, env);
    if (namesDatabase({ databaseUrl, env })) {
      await beginConnection(namedConfig({ databaseUrl, auth, role, env }, env), env);
    }
  } catch {
    // As said above.
  }
}

/** SIGINT and SIGTERM end the run in good order: cancel on the server, roll back, release, say so. */
function listenForSignals(stop: AbortController): void {
  const listen = (signal: NodeJS.Signals, exitCode: ExitCode) => {
    process.on(signal, () => {
      stop.abort(
        new SchemagateError({
          code: "interrupted",
          message: `ended by ${signal}`,
          hint: "What was committed before stays. Run again to go on.",
          exitCode,
        }),
      );
    });
  };
  listen("SIGINT", exitCodes.interrupted);
  listen("SIGTERM", exitCodes.terminated);
}
