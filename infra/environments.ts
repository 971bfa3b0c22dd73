import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { createJiti } from "jiti";
import { type ResolvedSettings, resolveSettings } from "./environment-settings";
import { ConfigurationError } from "./errors";
import { describeThrown } from "./thrown";

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
 * Makes sure that an environment was named, exists, and has settings that hold: whoever goes on with the name, to cdktf for
 * example, would report wrong ones as its own failure. There is no default on purpose: whoever changes an environment has to
 * say which one.
 *
 * @param source where the name came from, for the message: `SCHEMAGATE_ENVIRONMENT`
 */
export function requireEnvironment(name: string | undefined, source: string, directory = settingsDirectory): string {
  return loadEnvironment(name, source, directory).environment;
}

/** The settings of the environment that was named. @throws ConfigurationError as `requireEnvironment` */
export function loadEnvironment(
  name: string | undefined,
  source: string,
  directory = settingsDirectory,
): ResolvedSettings {
  const known = listEnvironments(directory);
  if (name !== undefined && known.includes(name)) return loadSettings(name, directory);
  const why = name === undefined || name === "" ? "(missing): there is no default environment" : `(${name}): unknown`;
  throw new ConfigurationError(
    `${source} ${why}. Name one of: ${known.join(", ")} (or add infra/settings/<environment>.ts)`,
  );
}

/** Reads and checks one environment's settings; the other environments' files are not even loaded. */
export function loadSettings(name: string, directory = settingsDirectory): ResolvedSettings {
  const settings = resolveSettings(readSettings(name, directory), fileOf(name));
  if (settings.environment !== name) {
    throw new ConfigurationError(
      `environment (${settings.environment}): differs from its file's name (${name}.ts), and both name the ` +
        "environment. Make them equal",
    );
  }
  return settings;
}

const fileOf = (name: string) => `infra/settings/${name}.ts`;

/** What a settings file exports. Whatever goes wrong in it is its author's to mend, not a bug of what reads it. */
function readSettings(name: string, directory: string): object {
  const path = join(directory, `${name}.ts`);
  const exported = load(path, fileOf(name));
  if (typeof exported === "object" && exported !== null && !("then" in exported)) return exported;
  const what =
    exported === undefined
      ? "missing"
      : exported instanceof Object && "then" in exported
        ? "a promise"
        : typeof exported;
  throw new ConfigurationError(
    `${fileOf(name)}: its default export (${what}) must be the settings, an object. End the file with ` +
      "'export default settings;'",
  );
}

function load(path: string, file: string): unknown {
  try {
    const exported: Exported = createJiti(path, { interopDefault: false })(path);
    if (exported.default !== undefined || exported.__esModule) return exported.default;
    // As CommonJS says it; nothing at all is no settings either.
    return Object.keys(exported).length === 0 ? undefined : exported;
  } catch (error) {
    throw new ConfigurationError(`${file} (cannot be loaded): ${describeThrown(error)}. Mend it and what it imports`);
  }
}

interface Exported {
  readonly default?: unknown;
  readonly __esModule?: boolean;
}
