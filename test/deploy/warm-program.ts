import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { environmentOf, jiti, projectDirectory, type Result } from "../infra/support/run-script";

/** What a process is asked to run. */
export interface RunRequest {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

type Variables = Readonly<Record<string, string | undefined>>;

/** Behind what a run wrote to a stream. */
export const endOfRun = "\0";

/**
 * What `npm run synth|diff|deploy|gate|job|settings|state` runs, in a process that a file's tests share: most of a start goes to
 * loading SDKs. exit-codes.test.ts has the real start.
 *
 * @param variables that Node reads at its start: `NODE_EXTRA_CA_CERTS`
 * @returns runs one command line with these variables besides the environment's own
 */
export function useWarmProgram(
  variables: Variables = {},
): (args: readonly string[], own?: Variables) => Promise<Result> {
  let child: ChildProcess;
  let closed: Promise<unknown[]>;
  beforeAll(() => {
    child = spawn(process.execPath, [jiti, join(__dirname, "warm-program-child.ts")], {
      cwd: projectDirectory,
      env: environmentOf(variables),
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    closed = once(child, "close");
  });
  afterAll(async () => {
    child.kill("SIGKILL");
    await closed;
  });
  return (args, own = {}) => {
    const ended = closed.then(([code, signal]) => {
      throw new Error(`the process ended in the middle of a run, with ${code ?? signal}`);
    });
    return Promise.race([runIn(child, { args, env: environmentOf(own) }), ended]);
  };
}

async function runIn(child: ChildProcess, request: RunRequest): Promise<Result> {
  const answer = once(child, "message");
  const outputs = Promise.all([child.stdout, child.stderr].map(readToMark));
  child.send(request);
  const [[{ exitCode }], [stdout = "", stderr = ""]] = await Promise.all([answer, outputs]);
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
