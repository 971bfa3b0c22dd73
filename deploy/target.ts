import { spawnSync } from "node:child_process";
import type { ResolvedSettings } from "../infra/environment-settings";
import { loadEnvironment } from "../infra/environments";
import { ConfigurationError } from "../infra/errors";
import type { LogDestination } from "../infra/log-queries";
import { defaultImage, resourceNames } from "../infra/naming";
import { projectVersion } from "./project";

type Environment = Readonly<Record<string, string | undefined>>;

/** What an environment is called in Azure. */
export interface Target {
  readonly environment: string;
  readonly settings: ResolvedSettings;
  readonly resourceGroup: string;
  readonly registry: string;
  readonly containerApp: string;
  readonly bootstrapJob: string;
  readonly migrationJob: string;
  readonly logWorkspace: string;
  readonly logDestination: LogDestination;
}

/** Reads an environment's settings and names. @throws ConfigurationError when it is unknown or its settings are wrong. */
export function readTarget(name: string | undefined): Target {
  const settings = loadEnvironment(name, "environment");
  const { environment } = settings;
  const { resourceGroup, registry, containerApp, bootstrapJob, migrationJob, logWorkspace } = resourceNames(settings);
  return {
    environment,
    settings,
    resourceGroup,
    registry,
    containerApp,
    bootstrapJob,
    migrationJob,
    logWorkspace,
    logDestination: "azure-monitor",
  };
}

/** The image of this release, as the stacks conclude it: option, variables, settings, package. */
export function releaseImage(target: Target, asked: string | undefined, env: Environment): string {
  return asked ?? (env.SCHEMAGATE_IMAGE || defaultImageOf(target, env));
}

/** The tag in the platform's registry that this release has, or gets when it is built: variable, settings, package. */
export function defaultImageOf({ settings, registry }: Target, env: Environment): string {
  const tag = env.SCHEMAGATE_IMAGE_TAG || settings.image.tag || projectVersion();
  return defaultImage(settings, `${registry}.azurecr.io`, tag);
}

/** The subscription: settings, variables, what the Azure CLI is signed in to. */
export function findSubscription({ settings }: Target, env: Environment): string {
  const known = settings.subscriptionId ?? (env.ARM_SUBSCRIPTION_ID || env.AZURE_SUBSCRIPTION_ID);
  if (known) return known;
  const { stdout, status } = spawnSync("az", ["account", "show", "--query", "id", "--output", "tsv"], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
    // Installed by a package manager of Windows it is a batch file.
    shell: process.platform === "win32",
  });
  const found = status === 0 ? stdout.trim() : "";
  if (found !== "") return found;
  throw new ConfigurationError(
    "subscription (missing): neither settings, ARM_SUBSCRIPTION_ID nor the Azure CLI names one. Set ARM_SUBSCRIPTION_ID, " +
      "or run 'az login' and 'az account set --subscription <id>'",
  );
}

/** Resource id of the environment's log workspace. */
export function workspaceId({ resourceGroup, logWorkspace }: Target, subscriptionId: string): string {
  return (
    `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.OperationalInsights/` +
    `workspaces/${logWorkspace}`
  );
}
