import { namedConfig, namesDatabase } from "../connection/config";
import { beginConnection } from "../connection/head-start";
import { type ExitCode, exitCodes, SchemagateError } from "../errors";
import { type Environment, readOptions } from "../settings/read-options";
import { databaseOptions } from "../settings/shared-options";

/** What an init container runs, and who looks after it: without arguments they need no parser, and do not load it. */
const bareCommands: ReadonlySet<string> = new Set(["up", "status", "history"]);

/** argv -> command -> exit code: the only place that reads the process's arguments and ends it. */
async function main(argv: readonly string[]): Promise<ExitCode> {
  const interrupt = listenForSignals();
  const [name = "up", ...rest] = argv;
  if (rest.length > 0 || !bareCommands.has(name)) {
    const { runProgram } = await import("./program");
    return runProgram(argv, interrupt);
  }
  await headStart(process.env);
  const { runBare } = await import("./run-bare");
  return runBare(name, interrupt);
}

/** Begins to connect where the environment says how; what it says wrong, the command tells when it reads it again. */
async function headStart(env: Environment): Promise<void> {
  try {
    const { databaseUrl, auth } = readOptions(databaseOptions, {}, env);
    if (namesDatabase({ databaseUrl, env })) {
      await beginConnection(namedConfig({ databaseUrl, auth, env }, env), env);
    }
  } catch {
    // As said above.
  }
}

/** SIGINT and SIGTERM end the run in good order: cancel on the server, roll back, release, say so. */
function listenForSignals(): AbortSignal {
  const controller = new AbortController();
  const listen = (signal: NodeJS.Signals, exitCode: ExitCode) => {
    process.on(signal, () => {
      controller.abort(
        new SchemagateError({
          code: "interrupted",
          message: `ended by ${signal}`,
          hint: "A migration under way was cancelled and rolled back; what was committed before stays. Run again to go on.",
          exitCode,
        }),
      );
    });
  };
  listen("SIGINT", exitCodes.interrupted);
  listen("SIGTERM", exitCodes.terminated);
  return controller.signal;
}

main(process.argv.slice(2)).then(
  (exitCode) => {
    process.exitCode = exitCode;
  },
  (error) => {
    process.stderr.write(`${String(error)}\n`);
    process.exitCode = exitCodes.unexpected;
  },
);
