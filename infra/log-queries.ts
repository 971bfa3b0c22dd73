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

/** A table and its columns as a query names them. */
interface Table {
  readonly table: string;
  readonly column: (name: Column) => string;
}

type Column = "app" | "job" | "revision" | "replica" | "container" | "line" | "reason";

const monitorColumns = {
  app: "ContainerAppName",
  job: "JobName",
  revision: "RevisionName",
  container: "ContainerName",
  line: "Log",
  reason: "Reason",
} as const;

// Custom tables and their columns come into being with the first line that has them; before that, a query that names one
// fails. `union isfuzzy` and `column_ifexists` make it find nothing instead; the empty table stands there because a fuzzy
// union of which no table exists fails too.
const customTable = (name: string) => `union isfuzzy=true (datatable(TimeGenerated: datetime)[]), ${name}`;
const customColumn = (name: string) => `column_ifexists("${name}", "")`;

function consoleTable(destination: LogDestination): Table {
  return destination === "azure-monitor"
    ? {
        table: "ContainerAppConsoleLogs",
        column: (name) => ({ ...monitorColumns, replica: "ContainerGroupName" })[name],
      }
    : {
        table: customTable("ContainerAppConsoleLogs_CL"),
        column: (name) =>
          customColumn(
            {
              app: "ContainerAppName_s",
              job: "ContainerJobName_s",
              revision: "RevisionName_s",
              replica: "ContainerGroupName_s",
              container: "ContainerName_s",
              line: "Log_s",
              reason: "Reason_s",
            }[name],
          ),
      };
}

function systemTable(destination: LogDestination): Table {
  return destination === "azure-monitor"
    ? { table: "ContainerAppSystemLogs", column: (name) => ({ ...monitorColumns, replica: "ReplicaName" })[name] }
    : {
        table: customTable("ContainerAppSystemLogs_CL"),
        column: (name) =>
          customColumn(
            {
              app: "ContainerAppName_s",
              job: "JobName_s",
              revision: "RevisionName_s",
              replica: "ReplicaName_s",
              container: "ContainerName_s",
              line: "Log_s",
              reason: "Reason_s",
            }[name],
          ),
      };
}

/** What the migrator of a revision printed, oldest first: `TimeGenerated`, `Replica`, `Line`. */
export function migratorLinesQuery({ destination, app, revision }: RevisionLogs): string {
  const { table, column } = consoleTable(destination);
  return lines(
    table,
    `| where ${column("app")} == ${quoted(app)} and ${column("revision")} == ${quoted(revision)}`,
    `| where ${column("container")} == ${quoted(migrateContainerName)}`,
    `| project TimeGenerated, ${named("Replica", column("replica"))}, ${named("Line", column("line"))}`,
    "| order by TimeGenerated asc",
  );
}

/** What the platform says of a revision's containers, oldest first: `TimeGenerated`, `Reason`, `Line`. */
export function systemEventsQuery({ destination, app, revision }: RevisionLogs): string {
  const { table, column } = systemTable(destination);
  return lines(
    table,
    `| where ${column("app")} == ${quoted(app)} and ${column("revision")} == ${quoted(revision)}`,
    `| project TimeGenerated, ${named("Reason", column("reason"))}, ${named("Line", column("line"))}`,
    "| order by TimeGenerated asc",
  );
}

/** What one execution of a job printed, oldest first: `TimeGenerated`, `Line`. */
export function executionLinesQuery({ destination, job, execution }: ExecutionLogs): string {
  const { table, column } = consoleTable(destination);
  return lines(
    table,
    `| where ${column("job")} == ${quoted(job)} and ${column("replica")} startswith ${quoted(`${execution}-`)}`,
    `| project TimeGenerated, ${named("Line", column("line"))}`,
    "| order by TimeGenerated asc",
  );
}

/**
 * One row per run of the migrator that failed: `RevisionName`, `Code`, `ExitCode`, `Message`. It reads the JSON line that
 * a failed run ends with.
 */
export function failedRunsQuery({ destination, app }: AppLogs): string {
  const { table, column } = consoleTable(destination);
  return lines(
    table,
    `| where ${column("app")} == ${quoted(app)} and ${column("container")} == ${quoted(migrateContainerName)}`,
    `| extend Line = parse_json(${column("line")})`,
    '| where tostring(Line.event) == "failed"',
    `| project TimeGenerated, ${named("RevisionName", column("revision"))}, Code = tostring(Line.code), ` +
      "ExitCode = toint(Line.exitCode), Message = tostring(Line.message)",
  );
}

/**
 * One row per end of the migrator's container that the platform does not call a success: `RevisionName`, `Reason`,
 * `Message`. It sees what the migrator could not print: killed, out of memory, image not pulled, token refused.
 */
export function crashedMigratorsQuery({ destination, app }: AppLogs): string {
  const { table, column } = systemTable(destination);
  return lines(
    table,
    `| where ${column("app")} == ${quoted(app)}`,
    `| extend ${renamed({ Reason: column("reason"), Message: column("line") })}`,
    // Rows name the container in a column, in quotes or behind the word, depending on what happened.
    `| where ${column("container")} == ${quoted(migrateContainerName)} or Message has ${quoted(`'${migrateContainerName}'`)}` +
      ` or Message has ${quoted(`container ${migrateContainerName}`)} or Reason startswith "ImagePull"`,
    `| where Reason in ("ContainerTerminated", "ProcessExited") or Reason has "BackOff" or Reason startswith "ImagePull"`,
    `| where Message !has "exit code '0'"`,
    `| project TimeGenerated, ${named("RevisionName", column("revision"))}, Reason, Message`,
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
