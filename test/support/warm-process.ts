import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { jiti, root } from "./migrator";

/** What a warm process is asked to run. */
interface RunRequest {
  readonly args: readonly string[];
  /** The whole environment of the run. */
  readonly env: NodeJS.ProcessEnv;
  /** @default the project's root */
  readonly cwd?: string;
}

/** How a run ended. */
interface RunResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Behind what a run wrote to a stream. */
const endOfRun = "\0";

/**
 * A process that a file's tests share, for programs whose start is most of their time: it runs one command line after the
 * other, with an environment, a directory and streams of its own. What a start does is for tests of the real program.
 *
 * @param script calls `serveRuns` with the program.
 * @param env what Node reads at its start only: `NODE_EXTRA_CA_CERTS`
 * @returns runs one command line.
 */
export function useWarmProcess(
  script: string,
  env: () => NodeJS.ProcessEnv = () => process.env,
): (request: RunRequest) => Promise<RunResult> {
  let started: { readonly child: ChildProcess; readonly closed: Promise<never> } | undefined;
  let isBusy = false;
  afterAll(async () => {
    started?.child.kill("SIGKILL");
    await started?.closed.catch(() => undefined);
  });
  return async (request) => {
    // A test that failed did not wait for the end of its run.
    if (isBusy) started?.child.kill("SIGKILL");
    if (isBusy || started === undefined) started = startWarm(script, env());
    isBusy = true;
    const result = await Promise.race([runIn(started.child, request), started.closed]);
    isBusy = false;
    return result;
  };
}

function startWarm(script: string, env: NodeJS.ProcessEnv) {
  const child = spawn(process.execPath, [jiti, script], { cwd: root, env, stdio: ["ignore", "pipe", "pipe", "ipc"] });
  const closed = once(child, "close").then(([code, signal]) => {
    throw new Error(`the warm process ended with ${code ?? signal}`);
  });
  closed.catch(() => undefined);
  return { child, closed };
}

async function runIn(child: ChildProcess, request: RunRequest): Promise<RunResult> {
  const answer = once(child, "message");
  const outputs = Promise.all([child.stdout, child.stderr].map(readToMark));
  child.send(request);
  const [[exitCode], [stdout = "", stderr = ""]] = await Promise.all([answer, outputs]);
  return { exitCode, stdout, stderr };
}

function readToMark(stream: ChildProcess["stdout"]): Promise<string> {
  return new Promise((resolve) => {
    let text = "";
    const read = (chunk: string) => {
      text += chunk;
      if (!text.endsWith(endOfRun)) return;
      stream?.off("data", read);
      resolve(text.slice(0, -endOfRun.length));
    };
    stream?.setEncoding("utf8").on("data", read);
  });
}

/** The other side, in the process: runs what it is asked to. @param run argv -> exit code */
export function serveRuns(run: (args: readonly string[]) => Promise<number>): void {
  process.on("message", async ({ args, env, cwd = root }: RunRequest) => {
    for (const name of Object.keys(process.env)) delete process.env[name];
    Object.assign(process.env, env);
    process.chdir(cwd);
    const exitCode = await run(args);
    // Streams and messages arrive in an order of their own: the mark says that a stream has nothing more of this run.
    for (const stream of [process.stdout, process.stderr]) stream.write(endOfRun);
    process.send?.(exitCode);
  });
}
