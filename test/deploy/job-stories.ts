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
  /** Answer to the start, when it is no plain one. */
  readonly start?: Answer;
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
  start,
}: JobStory) {
  const execution = `${job}-ab12cde`;
  let looks = 0;
  let queries = 0;
  return ({ method, path }: SeenRequest): Answer | undefined => {
    if (method === "GET" && path === `${below}/${job}`) return { body: jobBody(job) };
    if (method === "POST" && path === `${below}/${job}/start`) {
      return start ?? { body: { id: `/subscriptions/s${below}/${job}/executions/${execution}`, name: execution } };
    }
    if (method === "GET" && path === `${below}/${job}/executions/${execution}`) {
      const status = statuses[Math.min(looks, statuses.length - 1)];
      looks += 1;
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
