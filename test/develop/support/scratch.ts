import { execFileSync } from "node:child_process";
import type { ScratchOptions } from "../../../develop/scratch/server";
import { describeEvent } from "../../../migrator/events/report";
import { createStyle } from "../../../migrator/events/words";
import type { ProcessContext } from "../../../migrator/run/session";
import { queryAt, serverUrl } from "../../support/database";
import { waitUntil } from "../../support/migrator";

/** What a command is given; `lines` receives what it prints. */
export function quietContext(signal = new AbortController().signal, lines: string[] = []): ProcessContext {
  return { env: {}, report: (event) => void lines.push(describeEvent(event, createStyle(false)) ?? ""), signal };
}

/** Scratch databases beside a target. */
export function besideTarget(databaseUrl: string, more: Partial<ScratchOptions> = {}): ScratchOptions {
  return { databaseUrl, auth: "password", role: undefined, connectTimeout: 5, dataDir: ".data", ...more };
}

/** Names of all scratch databases of the tests' server that begin with one of some labels. */
export async function scratchDatabases(...labels: string[]): Promise<string[]> {
  const rows = await queryAt(
    serverUrl(),
    "SELECT datname FROM pg_database WHERE datname ~ ('^schemagate_scratch_(' || $1 || ')_')",
    [labels.join("|")],
  );
  return rows.map(({ datname }) => String(datname));
}

/** Waits until none is left: after a kill, a process of its own drops them. */
export async function waitForNone(...labels: string[]): Promise<void> {
  await waitUntil(async () => (await scratchDatabases(...labels)).length === 0, `the end of ${labels.join()}`);
}

/** Whether the process that drops another one's scratch databases is there, by the operating system's list. */
export function hasReaper(pid: number | undefined): boolean {
  const listed = execFileSync("ps", ["-A", "-o", "args="], { encoding: "utf8" });
  return new RegExp(`reaper\\S*( of)? ${pid}$`, "m").test(listed);
}
