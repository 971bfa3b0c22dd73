import { TerraformResource } from "cdktf";
import { parseCidr } from "../cidr";
import {
  type Check,
  flag,
  having,
  hiddenText,
  listOf,
  must,
  oneOf,
  optional,
  problemOf,
  recordOf,
  text,
  textThat,
} from "./checks";
import { isUnknown } from "./unknown";

/** Anything, as long as it is there: ids and names whose form nobody here needs. */
export const someText = text(/\S/, "must be text, and not empty. Name it");

/** An image or its registry, whose form is judged where it is compared: nobody signs in by what stands in it. */
export const imageText = must(
  (value) => typeof value === "string" && !/:\/\/\S*@/.test(value),
  "must be given as text, without user and password: an identity signs in. Write for instance crshop.azurecr.io/shop:1.4.0",
);

export const resourceGroupName = text(
  /^[\p{L}\p{N}_().-]{0,89}[\p{L}\p{N}_()-]$/u,
  "must be a resource group's name: at most 90 letters, digits, '_', '(', ')', '.' and '-', not with a '.' at the end. " +
    "Name the group",
);

export const location = text(/^[A-Za-z][A-Za-z0-9 ]+$/, "must be an Azure region. Write for instance 'westeurope'");

/** Of container apps. */
export const appName = text(
  /^(?!.*--)[a-z][a-z0-9-]{0,30}[a-z0-9]$/,
  "must be a container app's name: 2 to 32 lower case letters, digits and single hyphens, a letter first. Rename it",
);

/** Of container apps' jobs, which may begin with a digit. */
export const jobName = text(
  /^(?!.*--)[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/,
  "must be a job's name: at most 32 lower case letters, digits and single hyphens, none at either end. Rename it",
);

/** Of containers, volumes and the like. */
export const labelName = text(
  /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
  "must be a name of at most 63 lower case letters, digits and hyphens, none at either end. Rename it",
);

export const identifierName = text(
  /^(?!pg_)[A-Za-z_][\w$-]{0,62}$/i,
  "must be a PostgreSQL name: at most 63 letters, digits, '_', '$' and '-', and not with pg_ in front, which PostgreSQL " +
    "keeps for itself. Rename it",
);

export const path = text(
  /^\/[^\s?#]*$/,
  "must be a path: it begins with a slash and has no blanks. Write for instance '/health/ready'",
);

export const memory = text(
  /^(?!0+(\.0+)?Gi$)\d+(\.\d+)?Gi$/,
  "must be a number of GiB with its unit. Write for instance '1Gi' or '0.5Gi'",
);

export const command = listOf(
  text(/^[\s\S]+$/, "must be a word of a command. Write for instance ['node', 'dist/app.js']"),
);

export const zone = oneOf(["1", "2", "3"], "those are the zones of a region, as text. Name one of them");

/** Names as every shell and Container Apps take them; values are text, and may be anybody's own. */
export const variables = recordOf(
  /^[A-Za-z_][\w.-]*$/,
  "must be names of variables: letters, digits, '_', '.' and '-', no digit first. Rename it",
  hiddenOrEmptyText(),
);

/** Names of secrets by what takes their values. */
export const secretVariables = recordOf(
  /^[A-Za-z_][\w.-]*$/,
  "must be names of variables: letters, digits, '_', '.' and '-', no digit first. Rename it",
  hiddenText("must be the name of one of 'secrets'. Name it"),
);

export const tags = optional((value, prop) => [
  ...recordOf(
    /^[^<>%&\\?/]{1,512}$/,
    "must be names of tags: at most 512 characters, none of < > % & \\ ? /. Rename it",
    text(/^[\s\S]{0,256}$/, "must be text of at most 256 characters. Put it in quotes, or shorten it"),
  )(value, prop),
  ...(isUnknown(value) || Object.keys((value as object | null) ?? {}).length <= 50
    ? []
    : [problemOf(prop, Object.keys(value as object).length, "must be at most 50: Azure keeps no more. Remove some")]),
]);

export const optionalFlag = optional(flag);

/** @param smallest the longest prefix that Azure takes. */
export function range(smallest: number, why: string): Check {
  const rule =
    `must be an IPv4 range of /${smallest} or larger, with no bits behind the prefix: ${why}. Write for instance ` +
    `'10.20.0.0/${smallest}'`;
  return textThat((value) => ((parseCidr(value)?.prefixLength ?? 33) <= smallest ? undefined : rule), rule);
}

/** Where a server is reached: the port is not for anybody to choose. */
export const databaseHost: Check = (value, prop) => {
  if (isUnknown(value)) return [];
  const given = typeof value === "string" ? value : "";
  if (/^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/.test(given)) return [];
  const host = given
    .replace(/^[a-z+]*:\/\//i, "")
    .replace(/^.*@/, "")
    .replace(/[:/?].*$/, "");
  return [
    problemOf(
      prop,
      given.includes("@") ? "not shown: it may hold a password" : value,
      "must be the server's host name alone: the port is 5432, because behind the built-in PgBouncer's 6432 the migrator's " +
        `lock does not hold. Write ${host || "for instance psql-shop.postgres.database.azure.com"}`,
    ),
  ];
};

export const identity = having(
  { id: someText, clientId: someText, principalId: someText, name: someText },
  "must be an identity. Give a WorkloadIdentity, or one of WorkloadIdentity.fromWorkloadIdentityAttributes",
);

export const environment = having(
  {
    id: someText,
    location: someText,
    workloadProfiles: listOf(having({ name: someText, type: someText }, "must be a profile")),
  },
  "must be a container environment. Give a ContainerEnvironment, or one of fromContainerEnvironmentAttributes",
);

export const database = having(
  { host: databaseHost, databaseName: someText },
  "must be a database. Give a PrivatePostgres, or one of PrivatePostgres.fromPostgresAttributes",
);

export const databaseUrl: Check = (value, prop) => {
  const rule = "must be a secret of a Key Vault. Give one of DatabaseUrlSecret.fromKeyVaultSecretAttributes";
  if (typeof value === "string") return hiddenText(rule)(undefined, prop);
  return having({ keyVaultSecretId: hiddenText(rule) }, rule)(value, prop);
};

export const logWorkspace = having(
  { id: someText },
  "must be a workspace. Give a LogWorkspace, or one of LogWorkspace.fromLogWorkspaceAttributes",
);

export const resources = listOf((value, prop) =>
  TerraformResource.isTerraformResource(value)
    ? []
    : [problemOf(prop, value, "must be a Terraform resource. Of a construct, name its 'resource'")],
);

function hiddenOrEmptyText(): Check {
  const check = hiddenText("must be text. Put it in quotes");
  return (value, prop) => (value === "" ? [] : check(value, prop));
}
