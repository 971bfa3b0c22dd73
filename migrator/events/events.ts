import type { Problem } from "../errors";
import { bounded } from "../excerpt";
import type { LockHolder } from "../lock/holder";
import type { DatabaseTarget } from "../target";

/** What a run tells while it goes on: facts, which the command line prints as words or JSON lines. */
export type RunEvent =
  /** Before anything is asked of it. A JSON line of its own it is only where a document follows. */
  | { readonly event: "target"; readonly target: DatabaseTarget }
  | { readonly event: "connect-retry"; readonly reason: string; readonly waitMs: number }
  | { readonly event: "lock-waiting"; readonly holder?: LockHolder; readonly waitedMs: number }
  | { readonly event: "warning"; readonly code: string; readonly message: string; readonly hint?: string }
  | {
      readonly event: "migrating";
      readonly direction: "up" | "down";
      readonly migration: string;
      /** Where a partial migration goes on: `statement 3`. */
      readonly resumedAt?: string;
    }
  | {
      readonly event: "migrated";
      readonly direction: "up" | "down";
      readonly migration: string;
      readonly durationMs: number;
    }
  | {
      readonly event: "retry";
      readonly migration: string;
      readonly reason: string;
      /** False where the statement ran outside a transaction, and may have left something behind. @default true */
      readonly rolledBack?: boolean;
      readonly attempt: number;
      readonly of: number;
      readonly waitMs: number;
    }
  | {
      readonly event: "progress";
      readonly migration: string;
      /** Rows. */
      readonly done: number;
      readonly total?: number;
      readonly rowsPerSecond: number;
    }
  | {
      /** Now and then, while a migration runs and tells nothing else. */
      readonly event: "running";
      readonly migration: string;
      readonly elapsedMs: number;
      /** The statement under way, from 1, where they run one by one. */
      readonly statement?: number;
      /** How many there are. */
      readonly of?: number;
    }
  | {
      /** What the server said while a migration ran. */
      readonly event: "notice";
      readonly migration: string;
      /** As the server says it, in its language: `NOTICE`, `WARNING`, `INFO`. */
      readonly severity: string;
      readonly sqlState: string;
      readonly message: string;
      readonly detail?: string;
      readonly hint?: string;
    }
  | { readonly event: "log"; readonly migration: string; readonly message: string }
  | {
      readonly event: "done";
      readonly direction: "up" | "down" | "redo";
      /** Names in the order they ran; empty when there was nothing to do. */
      readonly migrations: readonly string[];
      readonly durationMs: number;
      /** Newest applied migration afterwards. */
      readonly current?: string;
    };

export type Report = (event: RunEvent) => void;

/** Whether the server warns; of a severity in another language, class 01 of its SQLSTATE tells. */
export function isWarning({ severity, sqlState }: { readonly severity: string; readonly sqlState: string }): boolean {
  return severity === "WARNING" || sqlState.startsWith("01");
}

/** A problem that does not stop the run. */
export function warningEvent({ code, message, hint }: Problem): RunEvent {
  return { event: "warning", code, message: bounded(message), hint: hint && bounded(hint) };
}
