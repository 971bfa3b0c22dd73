import { type Command, InvalidArgumentError, Option } from "commander";

/** How to wait for a result in Azure. */
export interface WaitFlags {
  readonly timeout?: number;
  readonly pollInterval: number;
  readonly logWait: number;
  readonly json?: boolean;
}

export interface GateFlags extends WaitFlags {
  readonly maxRestarts: number;
  readonly deactivate?: boolean;
}

/** How plans are applied. */
export interface ApplyFlags {
  readonly autoApprove?: boolean;
  readonly allowReplace: readonly string[];
}

/** Adds the options of everything that applies a plan. */
export function addApplyOptions(command: Command): Command {
  return command
    .option("--auto-approve", "do not ask before a stack is changed")
    .option(
      "--allow-replace <address>",
      "let this resource be destroyed or replaced, as Terraform calls it; may be given several times",
      (address: string, others: readonly string[]) => [...others, address],
      [],
    );
}

export function imageOption(): Option {
  return new Option("--image <reference>", "image of this release, with a version or a digest (env: SCHEMAGATE_IMAGE)");
}

/** Adds the options of everything that waits. @param timeout what the default of --timeout is called */
export function addWaitOptions(command: Command, timeout: string): Command {
  return command
    .option("--timeout <seconds>", `how long to wait for a result (default: ${timeout})`, seconds)
    .addOption(pollOption())
    .option("--log-wait <seconds>", "how long to wait for log lines, which arrive minutes late", seconds, 180)
    .option("--json", "print JSON lines");
}

/** Adds the options of the gate. */
export function addGateOptions(command: Command): Command {
  return addWaitOptions(command, "gate.timeoutSeconds of the settings")
    .option("--max-restarts <count>", "restarts after which a container counts as failed", wholeNumber, 3)
    .option("--deactivate", "deactivate the revision when the gate holds, so that it does not go on trying");
}

/** For tests and impatient people; five seconds are well within Azure's limit of requests. */
function pollOption(): Option {
  return new Option("--poll-interval <seconds>", "pause between two looks").argParser(seconds).default(5);
}

function seconds(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !(value >= 0 && value <= 86_400)) {
    throw new InvalidArgumentError("Must be seconds, a number from 0 to 86400.");
  }
  return value;
}

function wholeNumber(text: string): number {
  if (!/^\d{1,4}$/.test(text)) throw new InvalidArgumentError("Must be a whole number.");
  return Number(text);
}
