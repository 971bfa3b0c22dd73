import type { Azure } from "./azure";

/** A line as a query of infra/log-queries.ts returns it. */
export interface LogLine {
  readonly time: Date;
  readonly line: string;
}

/** How far back lines are looked for: longer than any wait for a revision or a job. */
const lookBack = { duration: "P1D" };

/**
 * Runs a query whose rows have `TimeGenerated` and `Line`.
 *
 * @param workspaceId resource id of the workspace.
 */
export async function readLogLines(azure: Azure, workspaceId: string, query: string): Promise<LogLine[]> {
  const result = await azure.request(`log workspace ${workspaceId}`, ({ logs }, abortSignal) =>
    logs.queryResource(workspaceId, query, lookBack, { abortSignal }),
  );
  const tables = "tables" in result ? result.tables : result.partialTables;
  const [table] = tables;
  if (table === undefined) return [];
  const column = (name: string) => table.columnDescriptors.findIndex((descriptor) => descriptor.name === name);
  const [time, line] = [column("TimeGenerated"), column("Line")];
  return table.rows.map((row) => ({ time: new Date(String(row[time])), line: String(row[line] ?? "") }));
}
