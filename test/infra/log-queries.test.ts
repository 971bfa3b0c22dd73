import {
  crashedMigratorsQuery,
  executionLinesQuery,
  failedRunsQuery,
  migratorLinesQuery,
  since,
  systemEventsQuery,
} from "../../infra/log-queries";

const revision = { app: "ca-shop-dev", revision: "ca-shop-dev--abc123" };
const run = { job: "caj-shop-migrate", execution: "caj-shop-migrate-x1y2z3" };

/** Tables with an empty one beside each, so that a query finds nothing before the first line, instead of failing. */
const sources = {
  console: source("ContainerAppConsoleLogs", [
    ...["ContainerAppName", "JobName", "RevisionName", "ContainerName", "Log", "Reason", "ContainerGroupName"],
  ]),
  system: source("ContainerAppSystemLogs", [
    ...["ContainerAppName", "JobName", "RevisionName", "ContainerName", "Log", "Reason", "ReplicaName"],
  ]),
  customConsole: source("ContainerAppConsoleLogs_CL", [
    ...["ContainerAppName_s", "RevisionName_s", "ContainerName_s", "Log_s", "Reason_s"],
    ...["ContainerJobName_s", "ContainerGroupName_s"],
  ]),
  customSystem: source("ContainerAppSystemLogs_CL", [
    ...["ContainerAppName_s", "RevisionName_s", "ContainerName_s", "Log_s", "Reason_s", "JobName_s", "ReplicaName_s"],
  ]),
};

function source(table: string, columns: readonly string[]): string {
  const declared = columns.map((column) => `${column}: string`).join(", ");
  return `union isfuzzy=true (datatable(TimeGenerated: datetime, ${declared})[]), ${table}`;
}

describe("in the tables that a diagnostic setting fills", () => {
  const destination = "azure-monitor";

  it("finds what a revision's migrator printed", () => {
    expect(migratorLinesQuery({ destination, ...revision })).toBe(
      `${sources.console}
| where ContainerAppName == "ca-shop-dev" and RevisionName == "ca-shop-dev--abc123"
| where ContainerName == "migrate"
| project TimeGenerated, Replica = ContainerGroupName, Line = Log
| order by TimeGenerated asc`,
    );
  });

  it("finds what the platform says of a revision", () => {
    expect(systemEventsQuery({ destination, ...revision })).toBe(
      `${sources.system}
| where ContainerAppName == "ca-shop-dev" and RevisionName == "ca-shop-dev--abc123"
| project TimeGenerated, Reason, Line = Log
| order by TimeGenerated asc`,
    );
  });

  it("finds what one execution of a job printed, and no other whose name begins alike", () => {
    expect(executionLinesQuery({ destination, ...run })).toBe(
      `${sources.console}
| where JobName == "caj-shop-migrate" and ContainerGroupName startswith "caj-shop-migrate-x1y2z3-"
| project TimeGenerated, Line = Log
| order by TimeGenerated asc`,
    );
  });

  it("finds runs that failed", () => {
    expect(failedRunsQuery({ destination, app: "ca-shop-dev" })).toBe(
      `${sources.console}
| where ContainerAppName == "ca-shop-dev" and ContainerName == "migrate"
| extend Line = parse_json(Log)
| where tostring(Line.event) == "failed"
| project TimeGenerated, RevisionName, Code = tostring(Line.code), ExitCode = toint(Line.exitCode), Message = tostring(Line.message)`,
    );
  });

  it("finds migrators that crashed or cannot start", () => {
    expect(crashedMigratorsQuery({ destination, app: "ca-shop-dev" })).toBe(
      `${sources.system}
| where ContainerAppName == "ca-shop-dev"
| extend Message = Log
| where ContainerName == "migrate" or Message has "'migrate'" or Message has "container migrate" or Reason startswith "ImagePull"
| where Reason in ("ContainerTerminated", "ProcessExited") or Reason has "BackOff" or Reason startswith "ImagePull"
| where Message !has "exit code '0'"
| project TimeGenerated, RevisionName, Reason, Message`,
    );
  });
});

describe("in the workspace's custom tables, which may not exist yet", () => {
  const destination = "log-analytics";

  it("finds what a revision's migrator printed", () => {
    expect(migratorLinesQuery({ destination, ...revision })).toBe(
      `${sources.customConsole}
| where ContainerAppName_s == "ca-shop-dev" and RevisionName_s == "ca-shop-dev--abc123"
| where ContainerName_s == "migrate"
| project TimeGenerated, Replica = ContainerGroupName_s, Line = Log_s
| order by TimeGenerated asc`,
    );
  });

  it("finds what the platform says of a revision", () => {
    expect(systemEventsQuery({ destination, ...revision })).toBe(
      `${sources.customSystem}
| where ContainerAppName_s == "ca-shop-dev" and RevisionName_s == "ca-shop-dev--abc123"
| project TimeGenerated, Reason = Reason_s, Line = Log_s
| order by TimeGenerated asc`,
    );
  });

  it("finds what one execution of a job printed, and no other whose name begins alike", () => {
    expect(executionLinesQuery({ destination, ...run })).toBe(
      `${sources.customConsole}
| where ContainerJobName_s == "caj-shop-migrate" and ContainerGroupName_s startswith "caj-shop-migrate-x1y2z3-"
| project TimeGenerated, Line = Log_s
| order by TimeGenerated asc`,
    );
  });

  it("finds runs that failed", () => {
    expect(failedRunsQuery({ destination, app: "ca-shop-dev" })).toBe(
      `${sources.customConsole}
| where ContainerAppName_s == "ca-shop-dev" and ContainerName_s == "migrate"
| extend Line = parse_json(Log_s)
| where tostring(Line.event) == "failed"
| project TimeGenerated, RevisionName = RevisionName_s, Code = tostring(Line.code), ExitCode = toint(Line.exitCode), Message = tostring(Line.message)`,
    );
  });

  it("finds migrators that crashed or cannot start", () => {
    expect(crashedMigratorsQuery({ destination, app: "ca-shop-dev" })).toBe(
      `${sources.customSystem}
| where ContainerAppName_s == "ca-shop-dev"
| extend Reason = Reason_s, Message = Log_s
| where ContainerName_s == "migrate" or Message has "'migrate'" or Message has "container migrate" or Reason startswith "ImagePull"
| where Reason in ("ContainerTerminated", "ProcessExited") or Reason has "BackOff" or Reason startswith "ImagePull"
| where Message !has "exit code '0'"
| project TimeGenerated, RevisionName = RevisionName_s, Reason, Message`,
    );
  });
});

describe.each(["azure-monitor", "log-analytics"] as const)("with names from outside, for %s", (destination) => {
  const name = 'a" or "1" == "1';
  const literal = '"a\\" or \\"1\\" == \\"1"';
  const path = "a\\";

  it.each<[string, (given: string) => string]>([
    ["app", (given) => migratorLinesQuery({ destination, app: given, revision: "r" })],
    ["revision", (given) => migratorLinesQuery({ destination, app: "a", revision: given })],
    ["app", (given) => systemEventsQuery({ destination, app: given, revision: "r" })],
    ["revision", (given) => systemEventsQuery({ destination, app: "a", revision: given })],
    ["job", (given) => executionLinesQuery({ destination, job: given, execution: "e" })],
    ["app", (given) => failedRunsQuery({ destination, app: given })],
    ["app", (given) => crashedMigratorsQuery({ destination, app: given })],
  ])("keeps quotes and backslashes of the %s inside its literal", (_, query) => {
    expect(query(name)).toContain(`== ${literal}`);
    expect(query(path)).toContain('== "a\\\\"');
  });

  it("keeps those of an execution inside its literal", () => {
    const query = executionLinesQuery({ destination, job: "j", execution: 'e" or "' });
    expect(query).toContain('startswith "e\\" or \\"-"');
  });
});

it("states the time range right behind the table, for pasting into the portal", () => {
  expect(since("Table\n| where A == 1\n| project A", "1h")).toBe(
    "Table\n| where TimeGenerated > ago(1h)\n| where A == 1\n| project A",
  );
  expect(since("Table", "30m")).toBe("Table\n| where TimeGenerated > ago(30m)");
});
