import cluster from "node:cluster";
import { connectionConfig } from "../migrator";
import { Supervisor } from "./cluster";
import { createServer } from "./server";
import { readSettings } from "./settings";
import { startWorker } from "./worker";

/** Reads the settings, then serves: from this process, or from several workers. */
async function main(env: NodeJS.ProcessEnv): Promise<void> {
  const settings = readSettings(env);
  if (settings.workers === 1 || cluster.isWorker) {
    await startWorker(settings, env);
    return;
  }
  // Looked at here too: wrong settings should be reported once, not by every worker.
  connectionConfig(env);
  new Supervisor(settings, createServer(settings.logLevel).log, process.exit).start();
}

/** Ends the process with the error's own exit code: 2 for settings, 1 for what nobody foresaw. */
function fail(
  error: Error & { exitCode?: number; hint?: string; problems?: readonly (string | { message: string })[] },
) {
  const problems = (error.problems ?? []).map((problem) => (typeof problem === "string" ? problem : problem.message));
  const lines = [...(problems.length > 0 ? problems : [error.message]), ...(error.hint ? [error.hint] : [])];
  process.stderr.write(`the app cannot start\n${lines.map((line) => `  ${line}\n`).join("")}`);
  process.exit(error.exitCode ?? 1);
}

main(process.env).catch(fail);
