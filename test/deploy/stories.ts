import type { Json } from "../infra/support/synthesized";
import type { Answer, SeenRequest } from "./fake-azure";

// The shapes are those of Microsoft.App 2025-07-01 as its specification and examples show them; the combinations of states
// are ones that Azure's documentation and support engineers' posts print.

export const resourceGroup = "rg-schemagate-dev";
export const containerApp = "ca-schemagate-dev";
export const image = "crschemagatedev.azurecr.io/schemagate:0.1.0";
const oldImage = "crschemagatedev.azurecr.io/schemagate:0.0.9";

/** Name of the release's revision, of the one before, and of one that came behind it. */
export const newRevision = `${containerApp}--0000002`;
export const oldRevision = `${containerApp}--0000001`;
export const nextRevision = `${containerApp}--0000003`;

const below = `/resourceGroups/${resourceGroup}/providers/Microsoft.App`;
const appPath = `${below}/containerApps/${containerApp}`;

/** What Azure says at one moment. */
export interface Frame {
  readonly latestReady?: string;
  readonly revisions: readonly Json[];
  /** Revisions that the list lacks: it may be behind. They are found by their names. */
  readonly unlisted?: readonly Json[];
  /** What the app calls its newest revision. @default - the last of `revisions` */
  readonly latest?: string;
  /** State of the app's last change. @default Succeeded */
  readonly change?: string;
  /** @default Single */
  readonly mode?: string;
  /** Replicas of the release's revision. */
  readonly replicas?: readonly Json[];
}

/** Plays frames: one more with each look at the app, the last one for ever. */
export function playFrames(frames: readonly Frame[], lines: readonly string[] = []) {
  let looks = 0;
  return ({ method, path }: SeenRequest): Answer | undefined => {
    if (method === "GET" && path === appPath) looks += 1;
    const frame = frames[Math.min(looks, frames.length) - 1] ?? frames[0];
    if (frame === undefined) return undefined;
    if (method === "GET" && path === appPath) return { body: appBody(frame) };
    if (method === "GET" && path === `${appPath}/revisions`) return { body: { value: frame.revisions } };
    const named = [...frame.revisions, ...(frame.unlisted ?? [])].find(({ name }) =>
      path.endsWith(`/revisions/${name}`),
    );
    if (method === "GET" && named !== undefined) return { body: named };
    if (method === "GET" && path === `${appPath}/revisions/${newRevision}/replicas`) {
      return { body: { value: frame.replicas ?? [] } };
    }
    if (method === "POST" && path === `${appPath}/revisions/${newRevision}/deactivate`) return { status: 200 };
    if (method === "POST" && path.endsWith("/query")) return { body: logTable(lines) };
    return undefined;
  };
}

function appBody({ latestReady, latest, change = "Succeeded", mode = "Single", revisions }: Frame): Json {
  return {
    id: `/subscriptions/s${appPath}`,
    name: containerApp,
    type: "Microsoft.App/containerApps",
    location: "West Europe",
    properties: {
      provisioningState: change,
      runningStatus: "Running",
      latestRevisionName: latest ?? revisions.at(-1)?.name,
      latestReadyRevisionName: latestReady ?? "",
      configuration: { activeRevisionsMode: mode, ingress: { traffic: [{ latestRevision: true, weight: 100 }] } },
    },
  };
}

/** A revision as the API lists it. */
export function revision(name: string, properties: Json = {}, images: Json = {}): Json {
  const isNew = name === newRevision;
  const own = isNew ? image : oldImage;
  return {
    id: `/subscriptions/s${appPath}/revisions/${name}`,
    name,
    type: "Microsoft.App/containerapps/revisions",
    properties: {
      active: true,
      createdTime: isNew ? "2026-03-02T10:00:00+00:00" : "2026-03-01T10:00:00+00:00",
      fqdn: `${name}.example.westeurope.azurecontainerapps.io`,
      healthState: "Healthy",
      provisioningState: "Provisioned",
      replicas: 1,
      runningState: "Running",
      trafficWeight: isNew ? 100 : 0,
      template: {
        initContainers: [
          { name: "migrate", image: own, env: [], resources: { cpu: 0.25, memory: "0.5Gi" }, ...images.migrate },
        ],
        containers: [{ name: "app", image: own, env: [], resources: { cpu: 0.5, memory: "1Gi" }, ...images.app }],
        scale: { minReplicas: 0, maxReplicas: 2 },
      },
      ...properties,
    },
  };
}

/** What the release before a change of one setting looks like: its revision has the same image, and is up. */
export function sameImage(name: string, properties: Json = {}): Json {
  return revision(name, properties, { migrate: { image }, app: { image } });
}

/** A replica whose init container stands as given. */
export function replica(init: Json, app: Json = {}): Json {
  return {
    id: `/subscriptions/s${appPath}/revisions/${newRevision}/replicas/${newRevision}-5d4f8`,
    name: `${newRevision}-5d4f8`,
    type: "Microsoft.App/containerapps/revisions/replicas",
    properties: {
      createdTime: "2026-03-02T10:00:05Z",
      runningState: "NotRunning",
      runningStateDetails: "",
      initContainers: [
        { name: "migrate", ready: false, started: false, restartCount: 0, runningState: "Waiting", ...init },
      ],
      containers: [{ name: "app", ready: false, started: false, restartCount: 0, runningState: "Waiting", ...app }],
    },
  };
}

export const crashLoop = (restartCount: number) => ({
  restartCount,
  runningState: "Waiting",
  runningStateDetails: "Container is waiting with reason: CrashLoopBackOff on legion.",
});

/** Rows of a query for lines. */
export function logTable(lines: readonly string[]): Json {
  return {
    tables: [
      {
        name: "PrimaryResult",
        columns: [
          { name: "TimeGenerated", type: "datetime" },
          { name: "Replica", type: "string" },
          { name: "Line", type: "string" },
        ],
        rows: lines.map((line, index) => [`2026-03-02T10:00:${10 + index}Z`, `${newRevision}-5d4f8`, line]),
      },
    ],
  };
}

const old = revision(oldRevision);
const activating = { healthState: "None", runningState: "Activating", replicas: 1 };

/** What the migrator prints when a migration fails. */
export const failedRun = [
  '{"time":"2026-03-02T10:00:10Z","level":"info","event":"migrating","direction":"up","migration":"20260301090000_add_total"}',
  '{"time":"2026-03-02T10:00:11Z","level":"error","event":"failed","code":"migration-failed","message":"migration ' +
    '20260301090000_add_total failed: column \\"total\\" contains null values","hint":"Mend it.","exitCode":6}',
];

/** Story by story: what Azure says, look after look. */
export const stories = {
  healthy: [
    { latestReady: oldRevision, revisions: [old] },
    {
      latestReady: oldRevision,
      revisions: [old, revision(newRevision, activating)],
      replicas: [replica({ runningState: "Running" })],
    },
    { latestReady: oldRevision, revisions: [old, revision(newRevision, { runningState: "Running" })] },
    { latestReady: newRevision, revisions: [old, revision(newRevision, { runningState: "RunningAtMaxScale" })] },
  ],
  scaledToZero: [
    {
      latestReady: newRevision,
      revisions: [old, revision(newRevision, { runningState: "ScaledToZero", replicas: 0 })],
    },
  ],
  degradedThenHealthy: [
    {
      latestReady: oldRevision,
      revisions: [
        old,
        revision(newRevision, {
          healthState: "Unhealthy",
          runningState: "Degraded",
          runningStateDetails: "Deployment Progress Deadline Exceeded. 0/1 replicas ready.",
        }),
      ],
    },
    { latestReady: newRevision, revisions: [old, revision(newRevision)] },
  ],
  degraded: [
    {
      latestReady: oldRevision,
      revisions: [
        old,
        revision(newRevision, {
          healthState: "Unhealthy",
          runningState: "Degraded",
          runningStateDetails: "Deployment Progress Deadline Exceeded. 0/1 replicas ready.",
        }),
      ],
    },
  ],
  migratorFails: [0, 1, 2, 3].map((restarts) => ({
    latestReady: oldRevision,
    revisions: [old, revision(newRevision, activating)],
    replicas: [replica(restarts === 0 ? { runningState: "Running" } : crashLoop(restarts))],
  })),
  appFails: [
    {
      latestReady: oldRevision,
      revisions: [old, revision(newRevision, activating)],
      replicas: [replica({ ready: true, runningState: "Terminated" }, crashLoop(3))],
    },
  ],
  otherInitFails: [
    {
      latestReady: oldRevision,
      revisions: [old, revision(newRevision, activating)],
      replicas: [replica({ name: "warm-up", ...crashLoop(3) })],
    },
  ],
  probeFails: [
    {
      latestReady: oldRevision,
      revisions: [
        old,
        revision(newRevision, {
          provisioningState: "Failed",
          healthState: "Unhealthy",
          runningState: "Failed",
          provisioningError: "1/1 Container failed: startup probe",
        }),
      ],
      replicas: [replica({ ready: true, runningState: "Terminated" }, { runningState: "Running" })],
    },
  ],
  provisioningFails: [
    {
      latestReady: oldRevision,
      revisions: [
        old,
        revision(newRevision, {
          provisioningState: "Failed",
          healthState: "Unhealthy",
          runningState: "Failed",
          provisioningError: "Pending:ImagePullBackOff on legion",
          runningStateDetails: "1/1 Pending:ImagePullBackOff on legion",
        }),
      ],
    },
  ],
  activationFails: [
    {
      latestReady: oldRevision,
      revisions: [
        old,
        revision(newRevision, {
          healthState: "Unhealthy",
          runningState: "ActivationFailed",
          runningStateDetails: "Deployment Progress Deadline Exceeded. 0/1 replicas ready.",
        }),
      ],
    },
  ],
  provisioningForEver: [
    {
      latestReady: oldRevision,
      revisions: [old, revision(newRevision, { ...activating, provisioningState: "Provisioning" })],
      replicas: [replica({ runningState: "Running" })],
    },
  ],
  inactive: [
    {
      latestReady: oldRevision,
      revisions: [old, revision(newRevision, { active: false, replicas: 0, runningState: "Stopped" })],
    },
  ],
  imagesDiffer: [
    { latestReady: newRevision, revisions: [revision(newRevision, {}, { migrate: { image: oldImage } })] },
  ],
  notDeployed: [{ latestReady: oldRevision, revisions: [old] }],
} satisfies Record<string, readonly Frame[]>;
