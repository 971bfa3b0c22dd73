import type { Azure } from "./azure";
import { mendCut } from "./mend-cut";

/** A line as a query of infra/log-queries.ts returns it. */
export interface LogLine {
  readonly time: Date;
  /** Who printed it, where the query asks. */
  readonly replica: string;
  readonly line: string;
}

/** How far back lines are looked for: longer than any wait for a revision or a job. */
const lookBack = { duration: "P1D" };

/**
 * Runs a query whose rows have `TimeGenerated`, `Line` and perhaps `Replica`. What the platform cut is whole again.
 *
 * @param workspaceId resource id of the workspace.
 */
export async function readLogLines(azure: Azure, workspaceId: string, query: string): Promise<readonly LogLine[]> {
  const result = await azure.request(`log workspace ${workspaceId}`, ({ logs }, abortSignal) =>
    logs.queryResource(workspaceId, query, lookBack, { abortSignal }),
  );
  const tables = "tables" in result ? result.tables : result.partialTables;
  const [table] = tables;
  if (table === undefined) return [];
  const column = (name: string) => table.columnDescriptors.findIndex((descriptor) => descriptor.name === name);
  const [time, replica, line] = [column("TimeGenerated"), column("Replica"), column("Line")];
  return mendCut(
    table.rows.map((row) => ({
      time: new Date(String(row[time])),
      replica: String(row[replica] ?? ""),
      line: String(row[line] ?? ""),
    })),
  );
}
