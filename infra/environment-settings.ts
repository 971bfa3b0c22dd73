import * as z from "zod";
import { parseCidr } from "./cidr";
import { ConfigurationError } from "./errors";
import { findConflicts } from "./settings-rules";

/** A string of a given form; `rule` says why it must be so and how to fix it. */
const text = (form: RegExp, rule: string) => z.string({ error: rule }).regex(form, { error: rule });

const wholeNumber = (min: number, max: number, rule: string) =>
  z.int({ error: rule }).min(min, { error: rule }).max(max, { error: rule });

const flag = (rule: string) => z.boolean({ error: rule });

const oneOf = <const T extends readonly [string, ...string[]]>(values: T, rule: string) =>
  z.enum(values, { error: rule });

/** `smallest` is the longest prefix Azure takes for this subnet. */
const cidr = (smallest: number, rule: string) =>
  z.string({ error: rule }).refine((value) => (parseCidr(value)?.prefixLength ?? 33) <= smallest, { error: rule });

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const zone = oneOf(["1", "2", "3"], "an availability zone is '1', '2' or '3'. Name one");

const network = z.strictObject({
  /** Address space of the virtual network. */
  addressSpace: cidr(26, "must be an IPv4 range of /26 or larger. Use for instance '10.20.0.0/16'"),
  /** Subnet of the container environment: each replica takes an address from it. */
  containerAppsSubnet: cidr(
    27,
    "an environment with workload profiles needs an IPv4 range of /27 or larger. Use for instance '10.20.0.0/23'",
  ),
  /** Subnet of the PostgreSQL server. */
  postgresSubnet: cidr(
    28,
    "a PostgreSQL flexible server needs an IPv4 range of /28 or larger. Use for instance '10.20.2.0/28'",
  ),
});

export const weekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"] as const;

const operator = z.strictObject({
  /** Name in Entra, and of the role. */
  name: z.string({ error: "must be the name in Entra. Copy it from the group or user" }).min(1),
  objectId: text(guid, "must be the object id in Entra. Copy it from the group or user"),
  type: oneOf(["Group", "User"], "must be Group or User. Say which of them it is"),
});

const postgres = z.strictObject({
  version: oneOf(["14", "15", "16", "17", "18"], "must be a major version the service offers. Use '14' to '18'"),
  /** Size: `B_` burstable, `GP_` general purpose, `MO_` memory optimized. */
  skuName: text(
    /^(B|GP|MO)_[A-Za-z0-9_]+$/,
    "must be a size with its tier. Use for instance 'B_Standard_B1ms' or 'GP_Standard_D2ds_v5'",
  ),
  storageMb: z.literal([32768, 65536, 131072, 262144, 524288, 1048576, 2097152, 4193280, 4194304, 8388608, 16777216], {
    error: "the service sells only certain disk sizes. Use 32768 (32 GiB), 65536, 131072, 262144, …",
  }),
  backupRetentionDays: wholeNumber(7, 35, "must be a whole number of days from 7 to 35. Choose one in that range"),
  /** Keep backups in the paired region too; can only be chosen when the server is created. */
  geoRedundantBackup: flag("must be true or false. Say whether backups go to the paired region too"),
  zone,
  /** A standby in another zone. Default: what `production` says. */
  highAvailability: flag("must be true or false. Leave it out to follow 'production'").optional(),
  standbyZone: zone.optional(),
  databaseName: text(
    /^[a-z_][a-z0-9_]{0,62}$/,
    "must be a PostgreSQL name that needs no quotes. Use lower case letters, digits and underscores, at most 63",
  ),
  /** Extensions that migrations may create. Default: none. */
  extensions: z.array(z.string()).optional(),
  /**
   * Server parameters by name. A static one restarts the server at once; in production it waits for the next restart.
   * Default: what the service sets.
   */
  parameters: z
    .record(z.string(), z.string({ error: "must be text, as the service takes it. Put it in quotes" }))
    .optional(),
  /** When the service may patch and restart the server. Default: whenever it chooses. */
  maintenance: z
    .strictObject({
      day: oneOf(weekdays, "must be a day of the week. Use Sunday to Saturday"),
      hour: wholeNumber(0, 23, "must be a whole hour from 0 to 23. Choose one in that range"),
    })
    .optional(),
  /** People who may sign in to the server as administrators. Default: nobody. */
  operators: z.array(operator).optional(),
});

const command = z
  .array(text(/./, "must be a word of a command. Write for instance ['node', 'dist/app.js']"), {
    error: "must be a list of words. Write for instance ['node', 'dist/app.js']",
  })
  .nonempty({ error: "would run what the image starts by itself. Name the command or leave it out" });

const path = text(/^\/\S*$/, "must be a path. Use for instance '/health/ready'");

const app = z.strictObject({
  /** Command of the app. Default: what the image says. */
  command: command.optional(),
  /** Port that the app listens on. Default: 8080. */
  port: wholeNumber(1, 65_535, "must be a port. Use for instance 8080").optional(),
  /** Answers as long as the app need not be restarted. Default: /health/live. */
  livenessPath: path.optional(),
  /** Answers with success once the app can serve. Default: /health/ready. */
  readinessPath: path.optional(),
  /** vCPU of the app container; its memory is twice that in GiB, the only pairs the Consumption profile takes. */
  cpu: z
    .number({ error: "must be a number of vCPU. Use 0.25 to 4 in steps of 0.25" })
    .refine((cpu) => cpu >= 0.25 && cpu <= 4 && Number.isInteger(cpu * 4), {
      error: "the Consumption profile offers 0.25 to 4 vCPU in steps of 0.25. Choose one of those",
    }),
  workers: wholeNumber(1, 32, "must be a whole number of worker processes from 1 to 32. Choose one in that range"),
  minReplicas: wholeNumber(0, 1000, "must be a whole number from 0 to 1000. Use 0 to scale to zero"),
  maxReplicas: wholeNumber(1, 1000, "must be a whole number from 1 to 1000. Choose one in that range"),
  concurrentRequestsPerReplica: wholeNumber(1, 10_000, "must be a whole number from 1. Use for instance 50"),
  publicIngress: flag("must be true or false. Say whether the app is reachable from outside its virtual network"),
});

/** How `npm run deploy` and `npm run gate` wait for a revision. */
const gate = z.strictObject({
  timeoutSeconds: wholeNumber(30, 7200, "must be a whole number of seconds from 30 to 7200. Use for instance 900"),
});

const job = z.strictObject({
  timeoutSeconds: wholeNumber(60, 604_800, "must be a whole number of seconds from 60. Use for instance 14400"),
});

const migrator = z.strictObject({
  /** The migrator in the image, without its arguments. Default: node dist/cli.js. */
  command: command.optional(),
  cpu: z.number({ error: "must be a number of vCPU. Use for instance 0.25" }).positive({
    error: "unset resources get defaults that break later updates. Use for instance 0.25",
  }),
  lockWaitSeconds: wholeNumber(1, 86_400, "must be a whole number of seconds from 1. Use for instance 600").optional(),
  connectTimeoutSeconds: wholeNumber(
    1,
    3600,
    "must be a whole number of seconds from 1. Use for instance 120",
  ).optional(),
});

const state = z.discriminatedUnion(
  "backend",
  [
    /** A file in the project directory: for one person trying things out. */
    z.strictObject({ backend: z.literal("local") }),
    /** A blob container, reached with Entra identities only. */
    z.strictObject({
      backend: z.literal("azurerm"),
      resourceGroupName: text(/^[\w().-]{1,90}$/, "must be a resource group's name. Name the group of the account"),
      storageAccountName: text(
        /^[a-z0-9]{3,24}$/,
        "must be a storage account's name. Use 3 to 24 lower case letters and digits",
      ),
      containerName: text(
        /^[a-z0-9](-?[a-z0-9]){2,62}$/,
        "must be a blob container's name. Use lower case letters, digits and hyphens",
      ),
    }),
  ],
  { error: "must name where the state lives. Use { backend: 'local' } or { backend: 'azurerm', … }" },
);

const settingsFields = {
  /** First part of every name. */
  project: text(
    /^[a-z](-?[a-z0-9]){1,15}$/,
    "names are built from it. Use 2 to 16 lower case letters, digits and single hyphens, a letter first",
  ),
  /** Second part of every name: the name of the settings file. */
  environment: text(
    /^[a-z][a-z0-9]{1,9}$/,
    "names are built from it. Use 2 to 10 lower case letters and digits, a letter first",
  ),
  /** Third part of the names that are unique in all of Azure (registry, server). */
  nameSuffix: text(/^[a-z0-9]{1,8}$/, "names are built from it. Use 1 to 8 lower case letters and digits").optional(),
  /** True: losing it hurts. Resources are protected from being destroyed and spread over zones. */
  production: flag("must be true or false. Say whether losing this environment hurts"),
  location: text(/^[a-z][a-z0-9]+$/, "must be an Azure region's short name. Use for instance 'westeurope'"),
  /** Where the stacks go. Default: ARM_SUBSCRIPTION_ID, or what the Azure CLI is signed in to. */
  subscriptionId: text(guid, "must be a subscription's id. Copy it from 'az account list'").optional(),
  /** Further tags of every resource: an owner, a cost centre. */
  tags: z.record(z.string(), z.string({ error: "must be text. Put it in quotes" })).optional(),
  /**
   * `shared`: one identity migrates and serves. `separate`: the migrator has an identity of its own, with the only role
   * that may change the schema.
   */
  identities: oneOf(
    ["shared", "separate"],
    "must be shared or separate. Use separate where the app may not change tables",
  ),
  /** Refuse the migrator's tokens to the app, through the azapi provider. Needs `separate`. Default: false. */
  restrictIdentities: flag("must be true or false. Leave it out for false").optional(),
  /** Who gets a mail when the gate holds. */
  alertEmails: z.array(
    text(/^[^\s@]+@[^\s@]+\.[^\s@]+$/, "must be a mail address. Use for instance 'platform@shop.example'"),
    { error: "must be a list of mail addresses. Use [] for nobody" },
  ),
  network,
  logRetentionDays: wholeNumber(30, 730, "must be a whole number of days from 30 to 730. Choose one in that range"),
  registrySku: oneOf(["Basic", "Standard", "Premium"], "must be a registry's size. Use Basic, Standard or Premium"),
  postgres,
  image: z.strictObject({
    /** Repository inside the platform's registry. */
    repository: text(
      /^[a-z0-9]+([._/-][a-z0-9]+)*$/,
      "must be a repository without registry and tag. Use for instance 'schemagate'",
    ),
    /** Default: the version in package.json. A release overrides it. */
    tag: text(/^\w[\w.-]{0,127}$/, "must be an image tag. Leave it out to use the package's version").optional(),
  }),
  app,
  migrator,
  /** Default: 15 minutes, longer than the migrator waits for lock and database together. */
  gate: gate.default({ timeoutSeconds: 900 }),
  /** Default: four hours. */
  job: job.default({ timeoutSeconds: 14_400 }),
  state,
};

const settingsSchema = z.strictObject(settingsFields);

/** What a file in infra/settings/ says. */
export type EnvironmentSettings = z.input<typeof settingsSchema>;

/** Settings that passed every check, with everything filled in that is derived from the environment. */
export type ResolvedSettings = Omit<z.output<typeof settingsSchema>, "postgres"> & {
  readonly postgres: z.output<typeof postgres> & { readonly highAvailability: boolean };
  /** Whether Terraform refuses to destroy what holds data or carries the apps (INV-15). */
  readonly preventDestroy: boolean;
  /** Whether nobody can delete database server and registry before a lock is removed. */
  readonly deletionLocks: boolean;
};

/** Checks settings and fills in what is derived. Throws one ConfigurationError that lists every problem. */
export function resolveSettings(input: unknown, origin: string): ResolvedSettings {
  const result = settingsSchema.safeParse(input);
  const problems = [
    ...(result.error?.issues ?? []).flatMap((issue) => describeIssue(issue, input)),
    ...findConflicts(input),
  ];
  if (!result.success || problems.length > 0) {
    throw new ConfigurationError(problems, `${origin} has ${problems.length} problem(s):`);
  }
  const settings = result.data;
  const highAvailability = settings.postgres.highAvailability ?? settings.production;
  return {
    ...settings,
    postgres: { ...settings.postgres, highAvailability },
    preventDestroy: settings.production,
    deletionLocks: settings.production,
  };
}

function describeIssue(issue: z.core.$ZodIssue, input: unknown): string[] {
  const path = issue.path.map(String);
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map(
      (key) => `${[...path, key].join(".")}: there is no such setting. Remove it or correct its name`,
    );
  }
  return [`${path.join(".") || "settings"} (${describeValue(valueAt(input, path))}): ${issue.message}`];
}

function valueAt(input: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], input);
}

function describeValue(value: unknown): string {
  return value === undefined ? "missing" : JSON.stringify(value);
}
