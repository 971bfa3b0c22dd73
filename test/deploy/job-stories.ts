import type { Json } from "../infra/support/synthesized";
import type { Answer, SeenRequest } from "./fake-azure";
import { logTable, resourceGroup } from "./stories";

/** What a job of the stacks looks like, and how one run of it goes. */
export interface JobStory {
  readonly job?: string;
  /** Status look after look, the last one for ever. */
  readonly statuses: readonly string[];
  readonly lines?: readonly string[];
  /** Queries that find nothing yet: lines arrive late. */
  readonly lateBy?: number;
  /** Lines that the first query does not find, although they are older than ones it finds: places in `lines`. */
  readonly laterThanOthers?: readonly number[];
  /** Answers to the starts, one after the other, when they are no plain ones: the deed is done all the same. */
  readonly starts?: readonly (Answer & { readonly undone?: boolean })[];
  /** Executions from before, and such as others start in the moment of our first start. */
  readonly before?: readonly Execution[];
  readonly meanwhile?: readonly Execution[];
  /** How many looks a list of executions is behind. */
  readonly behind?: number;
  /** Looks at an execution by its name that do not find it yet. */
  readonly unknownFor?: number;
}

/** One run of a job. */
export interface Execution {
  readonly name: string;
  readonly args?: readonly string[];
  readonly startTime?: string;
}

export const migrationJob = "caj-schemagate-migrate";
export const bootstrapJob = "caj-schemagate-bootstrap";

const below = `/resourceGroups/${resourceGroup}/providers/Microsoft.App/jobs`;

/** Plays one run of a job. */
export function playJob({
  job = migrationJob,
  statuses,
  lines = [],
  lateBy = 0,
  laterThanOthers = [],
  starts = [],
  before = [],
  meanwhile = [],
  behind = 0,
  unknownFor = 0,
}: JobStory) {
  const at = `${below}/${job}`;
  const execution = `${job}-ab12cde`;
  const executions: Execution[] = [...before];
  const lists: Execution[][] = [];
  let started = 0;
  let looks = -unknownFor;
  let queries = 0;
  const start = (args: readonly string[]): Answer => {
    const { undone = false, ...answer } = starts[started] ?? {};
    const name = started === 0 ? execution : `${execution}${started}`;
    if (started === 0) executions.push(...meanwhile);
    started += 1;
    if (!undone) executions.push({ name, args });
    return { body: { id: `/subscriptions/s${at}/executions/${name}`, name }, ...answer };
  };
  return ({ method, path, body }: SeenRequest): Answer | undefined => {
    if (method === "GET" && path === at) return { body: jobBody(job) };
    if (method === "POST" && path === `${at}/start`) return start(body?.containers[0].args ?? ["up"]);
    if (method === "GET" && path === `${at}/executions`) {
      lists.push([...executions]);
      return { body: { value: (lists.at(-1 - behind) ?? []).map(executionBody) } };
    }
    if (method === "GET" && path.startsWith(`${at}/executions/`)) {
      const status = statuses[Math.min(looks, statuses.length - 1)];
      looks += 1;
      if (looks <= 0) return undefined;
      return { body: { id: "", name: execution, properties: { status, startTime: "2026-03-02T10:00:00+00:00" } } };
    }
    if (method === "POST" && path.endsWith("/query")) {
      queries += 1;
      const table = logTable(queries > lateBy ? lines : []);
      const [{ rows }] = table.tables;
      const missing = queries === lateBy + 1 ? laterThanOthers : [];
      table.tables[0].rows = rows.filter((_: unknown, place: number) => !missing.includes(place));
      return { body: table };
    }
    return undefined;
  };
}

function executionBody({ name, args, startTime = "2026-03-02T10:00:00+00:00" }: Execution): Json {
  const template = args && { containers: [{ name: "migrate", args }] };
  return {
    id: "",
    name,
    type: "Microsoft.App/jobs/executions",
    properties: { status: "Running", startTime, template },
  };
}

function jobBody(job: string): Json {
  return {
    id: `/subscriptions/s${below}/${job}`,
    name: job,
    type: "Microsoft.App/jobs",
    properties: {
      provisioningState: "Succeeded",
      configuration: { triggerType: "Manual", replicaTimeout: 14400, replicaRetryLimit: 0 },
      template: {
        containers: [
          {
            name: "migrate",
            image: "crschemagatedev.azurecr.io/schemagate:0.1.0",
            command: ["node", "dist/cli.js"],
            args: ["up"],
            env: [
              { name: "PGHOST", value: "psql.example" },
              { name: "TOKEN", secretRef: "token" },
            ],
            resources: { cpu: 0.25, memory: "0.5Gi", ephemeralStorage: "1Gi" },
          },
        ],
        initContainers: null,
      },
    },
  };
}
