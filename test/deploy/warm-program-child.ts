import { run } from "../../deploy/run";
import { endOfRun, type RunRequest } from "./warm-program";

// Loaded once, runs what it is asked to, one after the other. Everything is the process's own: environment, streams, trust.

process.on("message", async ({ args, env }: RunRequest) => {
  replaceEnvironment(env);
  const exitCode = await run(args);
  // Streams and messages arrive in an order of their own: the mark says that a stream has nothing more of this run.
  for (const stream of [process.stdout, process.stderr]) stream.write(endOfRun);
  process.send?.({ exitCode });
});

function replaceEnvironment(env: Readonly<Record<string, string>>): void {
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, env);
}
