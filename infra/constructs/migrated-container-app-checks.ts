import {
  appName,
  command,
  identity,
  imageText,
  labelName,
  memory,
  optionalFlag,
  path,
  secretVariables,
  someText,
  variables,
} from "./azure-checks";
import {
  anything,
  type Check,
  type ChecksOf,
  listOf,
  oneOf,
  optional,
  recordOf,
  shape,
  text,
  wholeNumber,
} from "./checks";
import type { AdditionalContainer, AdditionalInitContainer } from "./containers";
import type { CorsPolicy, IpRestriction, TrafficWeight } from "./ingress";
import type { MigratedContainerAppProps, RegistryAccess } from "./migrated-container-app-props";
import { type CustomScaleRule, scalers } from "./scale-rules";
import type { Volume } from "./volumes";
import { cpu, databaseAccessChecks, migratorChecks, secrets, volumeMounts, workloadChecks } from "./workload-checks";

const suffix = text(
  /^(?!.*--)[a-z0-9]([a-z0-9-]*[a-z0-9])?$/,
  "must be the last part of a revision's name: lower case letters, digits and single hyphens, none at either end. " +
    "Write for instance 'v2'",
);

const containerChecks: ChecksOf<AdditionalContainer> = {
  name: labelName,
  image: imageText,
  cpu,
  memory: optional(memory),
  command: optional(command),
  args: optional(command),
  environmentVariables: optional(variables),
  secretEnvironmentVariables: optional(secretVariables),
  volumeMounts: optional(volumeMounts),
};

const initContainerChecks: ChecksOf<AdditionalInitContainer> = { ...containerChecks, beforeMigrator: optionalFlag };

const addresses: Check = listOf(shape<IpRestriction>({ name: someText, range: someText }), {
  distinct: ["name", "range"],
});

const headers = optional(
  listOf(
    text(
      /^(\*|[\w!#$%&'*+.^`|~-]+)$/,
      "must be a name of HTTP's, or * for all of them. Write for instance 'X-Request-Id'",
    ),
  ),
);

const cors: Check = shape<CorsPolicy>({
  allowedOrigins: listOf(
    text(
      /^(\*|https?:\/\/[^\s/]+)$/,
      "must be an origin as browsers send it: scheme and host, nothing behind, or * for all. Write for instance " +
        "'https://shop.example'",
    ),
    { atLeast: 1 },
  ),
  allowedMethods: optional(
    listOf(text(/^(\*|[A-Z]+)$/, "must be a method of HTTP's in capitals, or * for all. Write for instance 'GET'")),
  ),
  allowedHeaders: headers,
  exposedHeaders: headers,
  allowCredentials: optionalFlag,
  maxAgeSeconds: optional(wholeNumber(0, undefined, "browsers know no other times. Write for instance 3600")),
});

const trafficWeights: Check = listOf(
  shape<TrafficWeight>({
    percentage: wholeNumber(0, 100, "it is a share of all requests. Choose one in that range"),
    revisionSuffix: optional(suffix),
    label: optional(
      text(
        /^(?!.*--)[a-z]([a-z0-9-]{0,62}[a-z0-9])?$/,
        "must be a label: at most 64 lower case letters, digits and single hyphens, a letter first. Rename it",
      ),
    ),
  }),
  { atLeast: 1, distinct: ["label", "revisionSuffix"] },
);

const scaleRules: Check = listOf(
  shape<CustomScaleRule>({
    name: text(
      /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/,
      "must be a rule's name: lower case letters, digits, '.' and '-', letters or digits at both ends. Rename it",
    ),
    type: oneOf(scalers, "Container Apps has no others of KEDA's scalers. Name one of them"),
    metadata: recordOf(/\S/, "must be names. Name it", text(/^[\s\S]*$/, "must be text. Put it in quotes")),
    secrets: optional(recordOf(/\S/, "must be names. Name it", someText)),
  }),
);

const volumes: Check = listOf(
  shape<Volume>({
    name: labelName,
    storageType: oneOf(
      ["EmptyDir", "AzureFile", "NfsAzureFile", "Secret"],
      "Container Apps has no other storage. Name one of them",
    ),
    storageName: optional(someText),
    mountOptions: optional(someText),
  }),
);

const replicas = (from: number) =>
  optional(wholeNumber(from, 1000, "Container Apps runs no other number of them. Choose one in that range"));

export const appChecks: ChecksOf<MigratedContainerAppProps> = {
  ...workloadChecks,
  ...migratorChecks,
  ...databaseAccessChecks,
  name: appName,
  registries: optional(listOf(shape<RegistryAccess>({ server: imageText, identityId: optional(someText) }))),
  identity,
  migratorIdentity: optional(identity),
  restrictIdentities: optionalFlag,
  command: optional(command),
  args: optional(command),
  cpu: optional(cpu),
  memory: optional(memory),
  workers: optional(wholeNumber(1, undefined, "no fewer processes could answer. Write for instance 2")),
  environmentVariables: optional(variables),
  secretEnvironmentVariables: optional(secretVariables),
  additionalContainers: optional(listOf(shape(containerChecks))),
  additionalInitContainers: optional(listOf(shape(initContainerChecks))),
  secrets: optional(secrets),
  volumes: optional(volumes),
  volumeMounts: optional(volumeMounts),
  migrateVolumeMounts: optional(volumeMounts),
  ingress: optionalFlag,
  targetPort: optional(wholeNumber(1, 65_535, "there are no other ports. Write the one that the app listens on")),
  externalIngress: optionalFlag,
  allowedAddresses: optional(addresses),
  deniedAddresses: optional(addresses),
  cors: optional(cors),
  revisionMode: optional(oneOf(["Single", "Multiple"], "the gate knows no other mode. Name one of them")),
  trafficWeights: optional(trafficWeights),
  revisionSuffix: optional(suffix),
  livenessPath: optional(path),
  readinessPath: optional(path),
  startupSeconds: anything,
  terminationGraceSeconds: optional(
    wholeNumber(0, 600, "Container Apps waits no longer for a replica. Choose one in that range"),
  ),
  minReplicas: replicas(0),
  maxReplicas: replicas(1),
  concurrentRequestsPerReplica: optional(wholeNumber(1, undefined, "fewer could never be met. Write for instance 50")),
  customScaleRules: optional(scaleRules),
  maxInactiveRevisions: optional(wholeNumber(0, 100, "Container Apps keeps no more. Choose one in that range")),
  redeployToken: optional(text(/^[\s\S]*$/, "must be text. Put it in quotes")),
};
