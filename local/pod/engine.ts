import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { exitCodes, SchemagateError } from "../../migrator/errors";

export type EngineKind = "podman" | "docker";

/** What became of a container. */
export interface ContainerState {
  readonly status: "absent" | "created" | "running" | "exited";
  /** Its process's exit code, once exited. */
  readonly exitCode: number;
}

/** How a command of an engine ended. */
export interface EngineResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const installHints: Readonly<Record<EngineKind, string>> = {
  podman: "Install podman 4 or later and see that `podman info` answers (macOS, Windows: `podman machine start`).",
  docker: "Start Docker and see that `docker info` answers.",
};

/** A container engine on this machine, by its command line. */
export class Engine {
  /**
   * @param kind which program.
   * @param env environment of the program.
   */
  constructor(
    readonly kind: EngineKind,
    private readonly env: NodeJS.ProcessEnv,
  ) {}

  /**
   * Finds out whether the engine answers.
   *
   * @throws usage (exit 2) when the program is not installed, or has no engine to talk to.
   */
  async check(): Promise<void> {
    const { code, stderr } = await this.tryRun(["info"]);
    if (code !== 0) {
      throw new SchemagateError({
        code: "no-container-engine",
        message: `${this.kind} cannot run containers here: ${lastLine(stderr)}`,
        hint: installHints[this.kind],
        exitCode: exitCodes.usage,
      });
    }
  }

  /**
   * Builds an image from a directory with a Dockerfile.
   *
   * @throws usage (exit 2) with the end of the build's output.
   */
  async build(image: string, context: string): Promise<void> {
    const { code, stdout, stderr } = await this.tryRun(["build", "--tag", image, context]);
    if (code !== 0) {
      throw new SchemagateError({
        code: "image-build-failed",
        message: `the image ${image} cannot be built from ${context}: ${lastLine(stderr || stdout)}`,
        hint: `Run \`${this.kind} build ${context}\` to see all of it, or name an image that exists with --image.`,
        exitCode: exitCodes.usage,
        details: { output: `${stdout}${stderr}`.split("\n").slice(-20).join("\n") },
      });
    }
  }

  /** What became of a container. */
  async state(container: string): Promise<ContainerState> {
    const format = "{{.State.Status}} {{.State.ExitCode}}";
    const { code, stdout } = await this.tryRun(["container", "inspect", "--format", format, container]);
    const [status = "", exitCode = ""] = stdout.trim().split(" ");
    if (code !== 0) {
      return { status: "absent", exitCode: 0 };
    }
    const known = /^(created|configured|initialized)$/.test(status)
      ? "created"
      : status === "exited"
        ? status
        : "running";
    return { status: known, exitCode: Number(exitCode) };
  }

  /** What a container printed so far, on both streams. */
  async logs(container: string): Promise<string> {
    const { stdout, stderr } = await this.tryRun(["logs", container]);
    return `${stdout}${stderr}`;
  }

  /** Hands over each line of a container as it prints it, until it ends. */
  async follow(container: string, onLine: (line: string) => void): Promise<void> {
    const child = this.spawn(["logs", "--follow", container]);
    await Promise.all(
      [child.stdout, child.stderr].map((stream) => {
        const lines = createInterface({ input: stream as NodeJS.ReadableStream });
        lines.on("line", onLine);
        return new Promise((resolve) => lines.on("close", resolve));
      }),
    );
  }

  /**
   * Runs a command to its end.
   *
   * @param input what it reads.
   * @param env more variables, for values that must not stand on a command line.
   * @throws Error with what it printed, when it ends with another code than 0.
   */
  async run(args: readonly string[], input = "", env: NodeJS.ProcessEnv = {}): Promise<string> {
    const { code, stdout, stderr } = await this.tryRun(args, input, env);
    if (code !== 0) {
      throw new Error(`${this.kind} ${args.slice(0, 2).join(" ")} ended with code ${code}: ${lastLine(stderr)}`);
    }
    return stdout.trim();
  }

  /** Runs a command to its end, whatever that is. */
  tryRun(args: readonly string[], input = "", env: NodeJS.ProcessEnv = {}): Promise<EngineResult> {
    const child = this.spawn(args, env);
    let stdout = "";
    let stderr = "";
    child.stdout?.on("data", (chunk) => {
      stdout += chunk;
    });
    child.stderr?.on("data", (chunk) => {
      stderr += chunk;
    });
    // A program that ends without reading is no error of its own: its exit code tells.
    child.stdin?.on("error", () => undefined).end(input);
    return new Promise((resolve) => {
      child.on("error", (error) => resolve({ code: 127, stdout, stderr: error.message }));
      child.on("close", (code) => resolve({ code: code ?? 1, stdout, stderr }));
    });
  }

  private spawn(args: readonly string[], env: NodeJS.ProcessEnv = {}): ChildProcess {
    return spawn(this.kind, args, { env: { ...this.env, ...env }, stdio: ["pipe", "pipe", "pipe"] });
  }
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}
