import { type ExitCode, exitCodes, SchemagateError, toSchemagateError } from "../errors";
import { describeError, errorLine } from "../events/report";
import { createStyle } from "../events/words";
import { claimProcess, type Fault } from "../run/own-process";

/** How long what code left behind may keep the process once all is done. */
const lingerMs = 2_000;

/** The process while a command runs in it. */
export interface HeldProcess {
  /** Says with what the process ends. Nothing changes that any more. */
  readonly end: (exitCode: ExitCode) => void;
}

type Exits = Pick<NodeJS.Process, "exit" | "abort" | "kill"> & { reallyExit: (code?: number) => never };

/**
 * Takes the process over until a command has run: nobody else decides when it ends, and with what (INV-3). What would have
 * ended it is told to who runs code, or stops the command.
 *
 * @param stop stops the command with an error.
 */
export function holdProcess(stop: (error: SchemagateError) => void): HeldProcess {
  const exits = process as unknown as Exits;
  const { reallyExit, kill } = exits;
  const hearers: ((fault: Fault) => void)[] = [];
  let unheard: Fault | undefined;
  let ending: ExitCode | undefined;

  const refuse = (what: string): never => {
    const fault = { what: `called ${what}` };
    const hear = hearers.at(-1);
    unheard ??= hear ? undefined : fault;
    hear?.(fault);
    throw new Error(`it ${fault.what}: a migration ends by returning, or by throwing an error`);
  };
  const tell = (fault: Fault) => {
    const hear = hearers.at(-1);
    hear ? hear(fault) : stop(toSchemagateError(fault.cause ?? new Error(fault.what)));
  };
  Object.assign(exits, {
    exit: (code?: number) => refuse(`process.exit(${code ?? ""})`),
    reallyExit: (code?: number) => refuse(`process.reallyExit(${code ?? ""})`),
    abort: () => refuse("process.abort()"),
    kill: (pid: number, signal?: string | number) =>
      pid === process.pid && signal !== 0 ? refuse(`process.kill on its own process`) : kill.call(process, pid, signal),
  });
  process.on("unhandledRejection", (cause) =>
    tell({ what: `did not await a promise that failed: ${messageOf(cause)}`, cause }),
  );
  process.on("uncaughtException", (cause) =>
    tell({ what: `threw an error where nothing catches it: ${messageOf(cause)}`, cause }),
  );
  process.on("beforeExit", () => ending ?? hearers.at(-1)?.({ what: "waits for something that never happens" }));
  process.on("exit", () => {
    const exitCode = ending ?? failUnfinished(unheard);
    // Those who listen behind this one would have the last word.
    if (process.exitCode !== exitCode || process.listenerCount("exit") > 1) {
      reallyExit.call(process, exitCode);
    }
  });
  claimProcess({
    onFault: (hear) => {
      hearers.push(hear);
      return () => void hearers.splice(hearers.indexOf(hear), 1);
    },
  });
  return {
    end: (exitCode) => {
      ending = exitCode === exitCodes.ok && unheard ? failUnfinished(unheard) : exitCode;
      process.exitCode = ending;
      setTimeout(() => reallyExit.call(process, ending), lingerMs).unref();
    },
  };
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

/** Says that the command did not come to its end. @returns the exit code. */
function failUnfinished(fault: Fault | undefined): ExitCode {
  const error = new SchemagateError({
    code: "unfinished",
    message: fault
      ? `code that this command ran ${fault.what}`
      : "the process ended before the command did: nothing was left that could happen",
    hint: "What was committed stays, the ledger knows. Mend the code, then run again.",
    exitCode: exitCodes.unexpected,
  });
  const text = process.stdout.isTTY ? describeError(error, createStyle(false)) : errorLine(error, new Date());
  process.stderr.write(`${text}\n`);
  return error.exitCode;
}
