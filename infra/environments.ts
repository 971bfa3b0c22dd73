import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { createJiti } from "jiti";
import { type ResolvedSettings, resolveSettings } from "./environment-settings";
import { ConfigurationError } from "./errors";

/** Only environments live here: one file each, its name is the environment's. npm and cdktf start in the project's root. */
export const settingsDirectory = join(process.cwd(), "infra", "settings");

export function listEnvironments(directory = settingsDirectory): string[] {
  if (!existsSync(directory)) {
    throw new ConfigurationError(
      `${directory} (not there): the settings of each environment are a file in it. Run this in the project's root, ` +
        "or make infra/settings/<environment>.ts",
    );
  }
  return readdirSync(directory)
    .filter((file) => file.endsWith(".ts"))
    .map((file) => file.slice(0, -".ts".length))
    .sort();
}

/**
 * Makes sure that an environment was named and exists. There is no default on purpose: whoever changes an environment
 * has to say which one.
 *
 * @param source where the name came from, for the message: `SCHEMAGATE_ENVIRONMENT`
 */
export function requireEnvironment(name: string | undefined, source: string, directory = settingsDirectory): string {
  const known = listEnvironments(directory);
  if (name !== undefined && known.includes(name)) return name;
  const why = name === undefined || name === "" ? "(missing): there is no default environment" : `(${name}): unknown`;
  throw new ConfigurationError(
    `${source} ${why}. Name one of: ${known.join(", ")} (or add infra/settings/<environment>.ts)`,
  );
}

/** Reads and checks one environment's settings; the other environments' files are not even loaded. */
export function loadSettings(name: string, directory = settingsDirectory): ResolvedSettings {
  const path = join(directory, `${name}.ts`);
  const module: { readonly default?: unknown } = createJiti(path)(path);
  const settings = resolveSettings(module.default, `infra/settings/${name}.ts`);
  if (settings.environment !== name) {
    throw new ConfigurationError(
      `environment (${settings.environment}): differs from its file's name (${name}.ts), and both name the ` +
        "environment. Make them equal",
    );
  }
  return settings;
}
