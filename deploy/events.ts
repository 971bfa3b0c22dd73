import type { HeldCode } from "./gate/judge";

/** How a gate ended. */
export type GateOutcome = "open" | "held" | "timed-out" | "not-deployed";

/** What a person does next: a command, and what for. */
export interface NextStep {
  readonly command: string;
  readonly about: string;
}

/** The end of a gate, for people and machines. */
export interface GateResult {
  readonly event: "gate";
  readonly outcome: GateOutcome;
  readonly app: string;
  readonly image: string;
  readonly revision?: string;
  /** Why it holds. */
  readonly code?: HeldCode | "timed-out" | "not-deployed";
  readonly why: string;
  /** The newest revision, where none is the release's. */
  readonly newest?: { readonly revision: string; readonly image?: string };
  /** The revision that serves, when it is another one. */
  readonly serving?: string;
  readonly durationMs: number;
  readonly exitCode: number;
  /** The container that does not get up, where one is known. */
  readonly container?: string;
  /** What it printed last. */
  readonly lines: readonly string[];
  /** Query that finds more lines. */
  readonly query?: string;
  readonly next: readonly NextStep[];
  readonly deactivated: boolean;
}

/** The end of a job's run. */
export interface JobResult {
  readonly event: "job";
  readonly job: string;
  readonly execution: string;
  /** As Azure says: Succeeded, Failed, Stopped, … */
  readonly status: string;
  readonly durationMs: number;
  readonly exitCode: number;
  readonly why?: string;
  readonly query?: string;
  readonly next: readonly NextStep[];
}

/** What the commands tell while they go on. Facts only; report.ts puts them into words. */
export type DeployEvent =
  | { readonly event: "step"; readonly step: string }
  | {
      readonly event: "image";
      /** By its digest. */
      readonly image: string;
      /** With the tag that it was built under. */
      readonly name: string;
      /** False when the same files were built before. */
      readonly built: boolean;
    }
  | {
      readonly event: "destroyed";
      readonly environment: string;
      readonly stacks: readonly string[];
      /** Where its state is, which stays. */
      readonly state: string;
    }
  | { readonly event: "imported"; readonly address: string; readonly id: string }
  | { readonly event: "going-back"; readonly image: string; readonly revision?: string }
  | { readonly event: "azure-retry"; readonly why: string }
  | { readonly event: "gate-revision"; readonly revision: string; readonly image: string }
  | { readonly event: "gate-waiting"; readonly why: string }
  | (Pick<GateResult, "outcome" | "code" | "exitCode" | "why" | "revision"> & { readonly event: "gate-verdict" })
  | { readonly event: "gate-reading-logs"; readonly seconds: number }
  | { readonly event: "warning"; readonly message: string }
  | {
      readonly event: "job-started";
      readonly job: string;
      readonly execution: string;
      readonly arguments: readonly string[];
    }
  | { readonly event: "job-status"; readonly status: string }
  | { readonly event: "job-line"; readonly line: string }
  | GateResult
  | JobResult;

export type Tell = (event: DeployEvent) => void;
