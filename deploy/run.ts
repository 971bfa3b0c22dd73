import { createInterface } from "node:readline/promises";
import { Command, CommanderError } from "commander";
import { ConfigurationError } from "../infra/errors";
import { exitCodes, toSchemagateError } from "../migrator/errors";
import { describeError, errorLine } from "../migrator/events/report";
import { createStyle } from "../migrator/events/words";
import { redact, redactedJson } from "../migrator/redact";
import { addDeploy } from "./commands/deploy";
import { addDestroy } from "./commands/destroy";
import { addGate } from "./commands/gate";
import { addJob } from "./commands/job";
import { addSettings } from "./commands/settings";
import { addState } from "./commands/state";
import { addDiff, addSynth } from "./commands/synth";
import type { Context } from "./context";
import type { DeployEvent } from "./events";
import { describeDeployEvent } from "./report";
import { appendStepSummary } from "./step-summary";

const style = createStyle(process.stdout.isTTY === true && !process.env.NO_COLOR);

/** argv -> command -> exit code: the only place that reads the process's environment, listens to its signals and prints. */
export async function run(argv: readonly string[]): Promise<number> {
  // What follows the first `--` is cdktf's own business, or the migrator's.
  const end = argv.indexOf("--");
  const own = end < 0 ? argv : argv.slice(0, end);
  const interrupt = listenForSignals();
  const context: Context = {
    env: process.env,
    signal: interrupt.signal,
    extra: end < 0 ? [] : argv.slice(end + 1),
    teller: (json) => (event) => tell(event, json),
    ask: process.stdin.isTTY && process.stderr.isTTY ? (question) => ask(question, interrupt.signal) : undefined,
    print: (text) => void process.stdout.write(`${text}\n`),
  };
  let exitCode: number = exitCodes.ok;
  const program = new Command("npm run")
    .description("Deploys the stacks of an environment and looks after what runs there.")
    .enablePositionalOptions()
    .showSuggestionAfterError()
    .exitOverride();
  const setExitCode = (code: number) => {
    exitCode = code;
  };
  addSynth(program, context);
  addDiff(program, context);
  addDeploy(program, context, setExitCode);
  addDestroy(program, context);
  addGate(program, context, setExitCode);
  addJob(program, context, setExitCode);
  addSettings(program, context);
  addState(program, context);
  try {
    await program.parseAsync(own, { from: "user" });
    return exitCode;
  } catch (thrown) {
    return interrupt.exitCode() ?? report(thrown, own.includes("--json"));
  } finally {
    interrupt.stopListening();
  }
}

function tell(event: DeployEvent, json: boolean): void {
  const line = json ? redactedJson({ time: new Date(), ...event }) : describeDeployEvent(event, style);
  if (line !== undefined) process.stdout.write(`${json ? line : redact(line)}\n`);
  if (process.env.GITHUB_STEP_SUMMARY) appendStepSummary(process.env.GITHUB_STEP_SUMMARY, event);
}

/** On standard error: standard output may be a file. */
async function ask(question: string, signal: AbortSignal): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await terminal.question(question, { signal });
  } finally {
    terminal.close();
  }
}

/** Prints what was thrown. @returns its exit code */
function report(thrown: unknown, json: boolean): number {
  if (thrown instanceof CommanderError) {
    // Commander has printed it already; asking for help is no error.
    return thrown.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  }
  if (thrown instanceof ConfigurationError) {
    process.stderr.write(`${thrown.message}\n`);
    return exitCodes.usage;
  }
  const error = toSchemagateError(thrown);
  process.stderr.write(`${json ? errorLine(error, new Date()) : describeError(error, style)}\n`);
  return error.exitCode;
}

/** The first signal ends what waits; what runs in Azure goes on. */
function listenForSignals() {
  const controller = new AbortController();
  let exitCode: number | undefined;
  const listen = (signal: "SIGINT" | "SIGTERM", code: number) => {
    const listener = () => {
      exitCode = code;
      process.stderr.write(`${signal}: stopping; what was started in Azure goes on\n`);
      controller.abort();
    };
    process.once(signal, listener);
    return () => process.off(signal, listener);
  };
  const stops = [listen("SIGINT", exitCodes.interrupted), listen("SIGTERM", exitCodes.terminated)];
  return {
    signal: controller.signal,
    exitCode: () => exitCode,
    stopListening: () => {
      for (const stop of stops) stop();
    },
  };
}
