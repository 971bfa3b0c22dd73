import { elapsedMs, type Position, type StepContext } from "./context";
import type { PreparedStep } from "./prepare";

/** As often as a run that waits for the lock says so. */
const usuallyMs = 10_000;

/** Runs a step and tells now and then that it goes on, while nothing else does: a log that is silent for minutes looks dead. */
export async function withSignsOfLife(
  prepared: PreparedStep,
  context: StepContext,
  position: Position,
  body: (context: StepContext) => Promise<void>,
): Promise<void> {
  const { report, tellEveryMs = usuallyMs } = context;
  const tell = () =>
    report({ event: "running", migration: prepared.step.migration.name, ...progressOf(prepared, position) });
  // It keeps no process alive: code that waits for nothing must show.
  const timer = setInterval(tell, tellEveryMs).unref();
  try {
    await body({
      ...context,
      report: (event) => {
        timer.refresh();
        report(event);
      },
    });
  } finally {
    clearInterval(timer);
  }
}

function progressOf(prepared: PreparedStep, position: Position) {
  const place =
    prepared.kind === "statements"
      ? { statement: Math.min(position.done + 1, prepared.statements.length), of: prepared.statements.length }
      : {};
  return { elapsedMs: elapsedMs(position), ...place };
}
