/** What the app itself can be told; where the database is, is the migrator's `connectionConfig`. */
export interface AppSettings {
  /** HOST: address to listen on. @default "127.0.0.1" */
  readonly host: string;
  /** PORT: 0 takes a free one. @default 8080 */
  readonly port: number;
  /** WEB_CONCURRENCY: worker processes; 1 serves from this process, without a cluster. @default 1 */
  readonly workers: number;
  /** DATABASE_POOL_MAX: connections per worker. @default 5 */
  readonly poolMax: number;
  /** SHUTDOWN_TIMEOUT, in seconds: how long requests in flight may take once a signal came. @default 20 */
  readonly shutdownTimeoutMs: number;
  /** LOG_LEVEL. @default "info" */
  readonly logLevel: string;
}

/** Wrong settings: the process ends with exit code 2, as the migrator does. */
export class ConfigurationError extends Error {
  readonly exitCode = 2;

  constructor(readonly problems: readonly string[]) {
    super(problems.join("\n"));
    this.name = "ConfigurationError";
  }
}

const logLevels = ["fatal", "error", "warn", "info", "debug", "trace", "silent"];

/**
 * Reads the app's settings from the environment.
 *
 * @throws ConfigurationError naming every wrong setting at once.
 */
export function readSettings(env: NodeJS.ProcessEnv): AppSettings {
  const problems: string[] = [];
  const integer = (name: string, fallback: number, min: number, max: number): number => {
    const given = env[name] || String(fallback);
    const value = Number(given);
    if (!/^\d+$/.test(given) || value < min || value > max) {
      problems.push(`${name} (${JSON.stringify(given)}) must be a whole number from ${min} to ${max}`);
    }
    return value;
  };
  const logLevel = env.LOG_LEVEL || "info";
  if (!logLevels.includes(logLevel)) {
    problems.push(`LOG_LEVEL (${JSON.stringify(logLevel)}) must be one of ${logLevels.join(", ")}`);
  }
  const settings: AppSettings = {
    host: env.HOST || "127.0.0.1",
    port: integer("PORT", 8080, 0, 65_535),
    workers: integer("WEB_CONCURRENCY", 1, 1, 64),
    // A small Azure server (B1ms) has 35 connections for all replicas and workers together.
    poolMax: integer("DATABASE_POOL_MAX", 5, 1, 100),
    // Container Apps kills a replica 30 s after its SIGTERM, unless told otherwise.
    shutdownTimeoutMs: integer("SHUTDOWN_TIMEOUT", 20, 1, 600) * 1_000,
    logLevel,
  };
  if (problems.length > 0) {
    throw new ConfigurationError(problems);
  }
  return settings;
}
