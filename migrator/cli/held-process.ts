import { type ExitCode, exitCodes, SchemagateError, toSchemagateError } from "../errors";
import { claimProcess, type Fault, type OwnProcess } from "../run/own-process";

/** How long what code left behind may keep the process once all is done. */
const lingerMs = 2_000;
/** How long a command may take to end in good order behind an error that nobody caught. */
const stopMs = 15_000;

type Exits = Pick<NodeJS.Process, "exit" | "abort" | "kill"> & { reallyExit: (code?: number) => never };
const exits = process as unknown as Exits;

/** The process while a command runs in it: nobody else decides when it ends, and with what (INV-3). */
export class HeldProcess implements OwnProcess {
  private readonly reallyExit = exits.reallyExit.bind(process);
  private readonly hearers: ((fault: Fault) => void)[] = [];
  /** What code did that nobody heard of, who runs code. */
  private unheard?: Fault;
  private exitCode?: ExitCode;

  /**
   * Takes the process over.
   *
   * @param stop stops the command with an error.
   */
  constructor(private readonly stop: (error: SchemagateError) => void) {
    // Until it is known that all is well.
    process.exitCode = exitCodes.unexpected;
    this.refuseExits();
    this.listen();
    claimProcess(this);
  }

  readonly onFault = (hear: (fault: Fault) => void): (() => void) => {
    this.hearers.push(hear);
    return () => void this.hearers.splice(this.hearers.indexOf(hear), 1);
  };

  /** Says with what the process ends. Nothing changes that any more. */
  end(exitCode: ExitCode): void {
    this.exitCode = exitCode === exitCodes.ok && this.unheard ? failUnfinished(this.unheard) : exitCode;
    process.exitCode = this.exitCode;
    this.endWithin(lingerMs);
  }

  private refuseExits(): void {
    const { kill } = exits;
    Object.assign(exits, {
      exit: (code?: number) => this.refuse(`process.exit(${code ?? ""})`),
      reallyExit: (code?: number) => this.refuse(`process.reallyExit(${code ?? ""})`),
      abort: () => this.refuse("process.abort()"),
      kill: (pid: number, signal?: string | number) =>
        pid === process.pid && signal !== 0
          ? this.refuse("process.kill on its own process")
          : kill.call(process, pid, signal),
    });
  }

  private refuse(what: string): never {
    const fault = { what: `called ${what}` };
    const hear = this.hearers.at(-1);
    if (hear) {
      hear(fault);
    } else {
      this.unheard ??= fault;
    }
    throw new Error(`it ${fault.what}: a migration ends by returning, or by throwing an error`);
  }

  private listen(): void {
    process.on("unhandledRejection", (cause) =>
      this.tell({ what: `did not await a promise that failed: ${messageOf(cause)}`, cause }),
    );
    process.on("uncaughtException", (cause) =>
      this.tell({ what: `threw an error where nothing catches it: ${messageOf(cause)}`, cause }),
    );
    process.on("beforeExit", () => {
      if (this.exitCode === undefined) {
        this.hearers.at(-1)?.({ what: "waits for something that never happens", isStuck: true });
      }
    });
    process.on("exit", () => {
      const exitCode = this.exitCode ?? failUnfinished(this.unheard);
      // Those who listen behind this one would have the last word.
      if (process.exitCode !== exitCode || process.listenerCount("exit") > 1) {
        this.reallyExit(exitCode);
      }
    });
  }

  /** Who runs code makes it fail there; anywhere else it is an error of ours. */
  private tell(fault: Fault): void {
    const hear = this.hearers.at(-1);
    if (hear) {
      hear(fault);
    } else if (this.exitCode === undefined) {
      this.stop(toSchemagateError(fault.cause));
      this.endWithin(stopMs);
    }
  }

  private endWithin(ms: number): void {
    setTimeout(() => this.reallyExit(this.exitCode ?? failUnfinished(this.unheard)), ms).unref();
  }
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
  // At the very end nothing can be waited for; and until then a start has no use for it.
  const { describeError, errorLine }: typeof import("../events/report") = require("../events/report");
  const { createStyle }: typeof import("../events/words") = require("../events/words");
  const text = process.stdout.isTTY ? describeError(error, createStyle(false)) : errorLine(error, new Date());
  process.stderr.write(`${text}\n`);
  return error.exitCode;
}
