import { migrateContainerName } from "./container-names";

/**
 * Where a container environment sends what its containers print.
 *
 * - `azure-monitor`: through a diagnostic setting into resource-specific tables; no key of the workspace is involved.
 * - `log-analytics`: into the workspace's custom tables (`…_CL`), signed with the workspace's shared key.
 */
export type LogDestination = "azure-monitor" | "log-analytics";

/** A container app whose lines are wanted. */
export interface AppLogs {
  readonly destination: LogDestination;
  /** Name of the container app. */
  readonly app: string;
}

/** One revision's lines. */
export interface RevisionLogs extends AppLogs {
  readonly revision: string;
}

/** One execution of a job. */
export interface ExecutionLogs {
  readonly destination: LogDestination;
  readonly job: string;
  /** Name of the execution: the replicas' names begin with it. */
  readonly execution: string;
}

/** A table as a query begins with it, and what its columns are called. */
interface Table {
  readonly source: string;
  readonly columns: Readonly<Record<Column, string>>;
}

type Column = "app" | "job" | "revision" | "replica" | "container" | "line" | "reason";

const monitorColumns = {
  app: "ContainerAppName",
  job: "JobName",
  revision: "RevisionName",
  container: "ContainerName",
  line: "Log",
  reason: "Reason",
};

const customColumns = {
  app: "ContainerAppName_s",
  revision: "RevisionName_s",
  container: "ContainerName_s",
  line: "Log_s",
  reason: "Reason_s",
};

/** What containers print. */
function consoleTable(destination: LogDestination): Table {
  return destination === "azure-monitor"
    ? toTable("ContainerAppConsoleLogs", { ...monitorColumns, replica: "ContainerGroupName" })
    : toTable("ContainerAppConsoleLogs_CL", {
        ...customColumns,
        job: "ContainerJobName_s",
        replica: "ContainerGroupName_s",
      });
}

/** What the platform says of containers. */
function systemTable(destination: LogDestination): Table {
  return destination === "azure-monitor"
    ? toTable("ContainerAppSystemLogs", { ...monitorColumns, replica: "ReplicaName" })
    : toTable("ContainerAppSystemLogs_CL", { ...customColumns, job: "JobName_s", replica: "ReplicaName_s" });
}

/**
 * Tables, and columns of custom tables, come into being with the first line that has them; before that, a query or an
 * alert that names one is an error. An empty table with the same columns beside it makes it find nothing instead.
 */
function toTable(name: string, columns: Table["columns"]): Table {
  const declared = Object.values(columns).map((column) => `${column}: string`);
  const empty = `datatable(TimeGenerated: datetime, ${declared.join(", ")})[]`;
  return { source: `union isfuzzy=true (${empty}), ${name}`, columns };
}

/** What the migrator of a revision printed, oldest first: `TimeGenerated`, `Replica`, `Line`. */
export function migratorLinesQuery(logs: RevisionLogs): string {
  return containerLinesQuery(logs, migrateContainerName);
}

/** What one container of a revision printed, with the same columns. */
export function containerLinesQuery({ destination, app, revision }: RevisionLogs, container: string): string {
  const { source, columns } = consoleTable(destination);
  return lines(
    source,
    `| where ${columns.app} == ${quoted(app)} and ${columns.revision} == ${quoted(revision)}`,
    `| where ${columns.container} == ${quoted(container)}`,
    `| project TimeGenerated, ${named("Replica", columns.replica)}, ${named("Line", columns.line)}`,
    "| order by TimeGenerated asc",
  );
}

/** What the platform says of a revision's containers, oldest first: `TimeGenerated`, `Reason`, `Line`. */
export function systemEventsQuery({ destination, app, revision }: RevisionLogs): string {
  const { source, columns } = systemTable(destination);
  return lines(
    source,
    `| where ${columns.app} == ${quoted(app)} and ${columns.revision} == ${quoted(revision)}`,
    `| project TimeGenerated, ${named("Reason", columns.reason)}, ${named("Line", columns.line)}`,
    "| order by TimeGenerated asc",
  );
}

/** What one execution of a job printed, oldest first: `TimeGenerated`, `Line`. */
export function executionLinesQuery({ destination, job, execution }: ExecutionLogs): string {
  const { source, columns } = consoleTable(destination);
  return lines(
    source,
    `| where ${columns.job} == ${quoted(job)} and ${columns.replica} startswith ${quoted(`${execution}-`)}`,
    `| project TimeGenerated, ${named("Line", columns.line)}`,
    "| order by TimeGenerated asc",
  );
}

/**
 * One row per run of the migrator that failed: `RevisionName`, `Code`, `ExitCode`, `Message`. It reads the JSON line that
 * a failed run ends with.
 */
export function failedRunsQuery({ destination, app }: AppLogs): string {
  const { source, columns } = consoleTable(destination);
  return lines(
    source,
    `| where ${columns.app} == ${quoted(app)} and ${columns.container} == ${quoted(migrateContainerName)}`,
    `| extend Line = parse_json(${columns.line})`,
    '| where tostring(Line.event) == "failed"',
    `| project TimeGenerated, ${named("RevisionName", columns.revision)}, Code = tostring(Line.code), ` +
      "ExitCode = toint(Line.exitCode), Message = tostring(Line.message)",
  );
}

/**
 * One row per end of the migrator's container that the platform does not call a success: `RevisionName`, `Reason`,
 * `Message`. It sees what the migrator could not print: killed, out of memory, image not pulled, token refused.
 */
export function crashedMigratorsQuery({ destination, app }: AppLogs): string {
  const { source, columns } = systemTable(destination);
  return lines(
    source,
    `| where ${columns.app} == ${quoted(app)}`,
    `| extend ${renamed({ Reason: columns.reason, Message: columns.line })}`,
    // Rows name the container in a column, in quotes or behind the word, depending on what happened.
    `| where ${columns.container} == ${quoted(migrateContainerName)} or Message has ${quoted(`'${migrateContainerName}'`)}` +
      ` or Message has ${quoted(`container ${migrateContainerName}`)} or Reason startswith "ImagePull"`,
    `| where Reason in ("ContainerTerminated", "ProcessExited") or Reason has "BackOff" or Reason startswith "ImagePull"`,
    `| where Message !has "exit code '0'"`,
    `| project TimeGenerated, ${named("RevisionName", columns.revision)}, Reason, Message`,
  );
}

/** The workspace's time range is no part of a query; for pasting into the portal it has to be. */
export function since(query: string, ago: string): string {
  const [table = "", ...rest] = query.split("\n");
  return lines(table, `| where TimeGenerated > ago(${ago})`, ...rest);
}

/** `Line = Log_s`, or just the column where it has that name already. */
function named(name: string, column: string): string {
  return name === column ? name : `${name} = ${column}`;
}

/** Names for columns that have another one. */
function renamed(columns: Readonly<Record<string, string>>): string {
  return Object.entries(columns)
    .filter(([name, column]) => name !== column)
    .map(([name, column]) => named(name, column))
    .join(", ");
}

function lines(...parts: readonly string[]): string {
  return parts.join("\n");
}

/** A string literal of the query language. */
function quoted(text: string): string {
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}
