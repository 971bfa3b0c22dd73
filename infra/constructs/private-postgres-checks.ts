import {
  databaseHost,
  location,
  logWorkspace,
  optionalFlag,
  range,
  resourceGroupName,
  resources,
  someText,
  tags,
  zone,
} from "./azure-checks";
import {
  anything,
  type ChecksOf,
  having,
  listOf,
  must,
  oneOf,
  optional,
  recordOf,
  shape,
  text,
  textThat,
} from "./checks";
import type { PostgresAttributes, PostgresOperator, PrivatePostgresProps } from "./private-postgres-props";
import { isUnknown } from "./unknown";

const systemDatabases = ["postgres", "azure_maintenance", "azure_sys", "template0", "template1"];

const databaseNameRule =
  "must be a database's name: at most 63 letters, digits, '_' and '-', a letter or '_' first. Rename it";

const databaseName = textThat((name) => {
  if (systemDatabases.includes(name)) return "is one of the server's own, and cannot be made. Name one for the app";
  return /^[A-Za-z_][\w-]{0,62}$/.test(name) ? undefined : databaseNameRule;
}, databaseNameRule);

/** What the service sells, in MiB: 32 GiB, then twice as much each time. */
const diskSizes = [32768, 65536, 131072, 262144, 524288, 1048576, 2097152, 4193280, 4194304, 8388608, 16777216];

const administrator = having(
  { principalId: someText, name: someText, tenantId: someText },
  "must be the identity that administers the server. Give a WorkloadIdentity of its own",
);

const operator = shape<PostgresOperator>({
  name: someText,
  objectId: (value, prop) =>
    isUnknown(value)
      ? [`'${prop}' is known only at deploy time, and is a part of the operator's address. Write it as text`]
      : someText(value, prop),
  type: oneOf(["Group", "User"], "people are one or the other. Say which of them it is"),
});

/** What single props may be; which of them go together is in private-postgres-rules. */
export const serverChecks: ChecksOf<PrivatePostgresProps> = {
  serverName: text(
    /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/,
    "must be a server's name: 3 to 63 lower case letters, digits and hyphens, none at either end. Rename it",
  ),
  databaseName,
  resourceGroupName,
  location,
  subnetId: optional(someText),
  subnetRange: optional(range(28, "a PostgreSQL server takes no smaller subnet")),
  subnetName: optional(someText),
  virtualNetworkName: optional(someText),
  virtualNetworkId: optional(someText),
  privateDnsZoneName: optional(someText),
  privateDnsZoneId: optional(someText),
  administrator,
  operators: optional(listOf(operator)),
  version: oneOf(
    ["14", "15", "16", "17", "18"],
    "the service offers no other version, and takes it as text. Name one of them",
  ),
  skuName: text(
    /^(B|GP|MO)_[A-Za-z0-9_]+$/,
    "must be a size with its tier. Write for instance 'B_Standard_B1ms' or 'GP_Standard_D2ds_v5'",
  ),
  storageMb: must(
    (size) => diskSizes.includes(size as number),
    "must be a size that the service sells: 32768 (32 GiB), 65536, 131072, 262144 and so on, up to 16777216. Choose one",
  ),
  storageAutoGrow: optionalFlag,
  zone,
  standbyZone: optional(zone),
  standbyInSameZone: optionalFlag,
  backupRetentionDays: optional(
    must(
      (days) => Number.isInteger(days) && (days as number) >= 7 && (days as number) <= 35,
      "must be 7 to 35: the service keeps backups no shorter and no longer. Choose a number in that range",
    ),
  ),
  geoRedundantBackup: optionalFlag,
  // Its numbers are judged together.
  maintenanceWindow: optional(shape({ dayOfWeek: anything, startHour: anything, startMinute: anything })),
  extensions: optional(listOf(anything)),
  configuration: optional(
    recordOf(
      /\S/,
      "must be names of parameters. Name it",
      text(/^[\s\S]*$/, "must be text, as the service has it. Put it in quotes"),
    ),
  ),
  logWorkspace: optional(logWorkspace),
  preventDestroy: optionalFlag,
  deletionLock: optionalFlag,
  tags,
};

export const attributesChecks: ChecksOf<PostgresAttributes> = {
  host: databaseHost,
  databaseName: someText,
  prerequisites: optional(resources),
};
