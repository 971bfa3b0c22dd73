import { extname, join, resolve } from "node:path";
import { exitCodes, SchemagateError, usageError } from "../../migrator/errors";
import { childEnvironment } from "./child-environment";
import { type DrizzleReply, type DrizzleRequest, drizzleReply } from "./drizzle-messages";
import type { LoadOptions, ModelAdapter, ModelSource } from "./model-adapter";
import { modelError } from "./model-error";
import { type ModelProblem, readStatements } from "./read-statements";
import { type ChildEnd, runChild } from "./run-child";

/** A schema file does nothing but define tables; a minute is for a cold start of a slow machine. */
const defaultTimeoutMs = 60_000;

/**
 * Modules of Drizzle's tables. They are user code and run in a process of their own, without this run's secrets; DDL is
 * made there by the project's own drizzle-kit.
 */
export const drizzle: ModelAdapter = {
  kind: "drizzle",
  about: "a module .ts, .js, .mts, .mjs, .cts or .cjs that exports Drizzle's tables",
  recognises: (path, isDirectory) => !isDirectory && /\.[cm]?[jt]s$/.test(path),
  load: async (paths, options) => {
    const request = { modules: paths.map((path) => resolve(path)), casing: options.casing };
    const { statements, kit } = await generate(paths, request, options);
    const read = await Promise.all(statements.map((sql) => readStatements(sql, paths.join(", "))));
    const [first, ...others] = read.flatMap(({ problems }) =>
      problems.map((problem) => generatedProblem(problem, kit)),
    );
    if (first) {
      throw modelError([first, ...others]);
    }
    const generated = read.flatMap((one) => one.statements.map((statement) => ({ ...statement, generated: true })));
    return [{ kind: "drizzle", path: paths.join(", "), statements: generated } satisfies ModelSource];
  },
};

async function generate(paths: readonly string[], request: DrizzleRequest, options: LoadOptions) {
  const { env, passEnv = [], signal, timeoutMs = defaultTimeoutMs } = options;
  const end = await runChild({
    args: [jitiCommand(), join(__dirname, `drizzle-child${extname(__filename)}`), JSON.stringify(request)],
    env: childEnvironment(env, passEnv),
    isReply: isDrizzleReply,
    ...{ timeoutMs, signal },
  });
  signal.throwIfAborted();
  const { reply } = end;
  if (reply?.ok) {
    return reply;
  }
  const details = { models: paths, output: end.output || undefined };
  if (reply) {
    const { code, message, hint } = reply;
    throw new SchemagateError({
      code,
      message: `${message}${printed(end)}`,
      hint: hint ?? moduleHint,
      exitCode: exitCodes.usage,
      details,
    });
  }
  throw new SchemagateError({
    code: end.timedOut ? "models-timeout" : "models-ended",
    message: `${paths.join(", ")}: ${howItEnded(end, timeoutMs)}${printed(end)}`,
    hint: end.timedOut
      ? "Its top level must end: no server, no endless loop, no await of something that never comes."
      : "Its top level must not end the process; keep what starts the app in another module.",
    exitCode: exitCodes.usage,
    details,
  });
}

/** A module may send messages of its own, as it does to a process manager. */
function isDrizzleReply(message: unknown): message is DrizzleReply {
  return typeof message === "object" && message !== null && "from" in message && message.from === drizzleReply;
}

const moduleHint =
  "The module runs without this run's environment, but for PATH and the like: variables that it needs are named with " +
  "--models-env. It should define tables and do nothing else.";

function howItEnded({ timedOut, code, signal }: ChildEnd<unknown>, timeoutMs: number): string {
  if (timedOut) {
    return `did not finish loading within ${timeoutMs / 1_000} s and was stopped`;
  }
  return `ended its process (${signal ?? `exit code ${code}`}) before its tables could be read`;
}

function printed({ output }: ChildEnd<unknown>): string {
  return output.trim() === "" ? "" : `. It printed:\n${output.trimEnd().replace(/^/gm, "  | ")}`;
}

function generatedProblem(problem: ModelProblem, kit: string): ModelProblem {
  return {
    ...problem,
    message: `in SQL that drizzle-kit ${kit} generated: ${problem.message}`,
    hint: "Look at the sql`` texts of the models; what drizzle-kit writes wrongly can be said in an SQL file beside them.",
  };
}

/** The command of jiti, which runs TypeScript. */
function jitiCommand(): string {
  try {
    return join(require.resolve("jiti/package.json"), "../lib/jiti-cli.mjs");
  } catch (cause) {
    throw usageError({
      code: "no-jiti",
      message: `Drizzle's models cannot be read here: the package jiti is missing (${String(cause)})`,
      hint: "Run `npm install`.",
    });
  }
}
