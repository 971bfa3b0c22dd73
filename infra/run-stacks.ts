import { type ComposedApp, composeApp } from "./compose";
import type { ResolvedSettings } from "./environment-settings";
import { loadEnvironment } from "./environments";
import { ConfigurationError, usageExitCode } from "./errors";
import { describeThrown } from "./thrown";

export interface RunStacksOptions {
  /**
   * Variables of the process: SCHEMAGATE_ENVIRONMENT names the environment, SCHEMAGATE_IMAGE or SCHEMAGATE_IMAGE_TAG the
   * release, SCHEMAGATE_REDEPLOY makes a new revision of it, CDKTF_OUTDIR says where the stacks are written.
   * SCHEMAGATE_UNPROTECTED takes away, from the environment that it names, what keeps it from being destroyed.
   */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Version of the project: the image's tag when neither settings nor release name another. */
  readonly packageVersion: string;
  /**
   * Adds to the stacks before they are written.
   * @default - nothing
   */
  readonly extend?: (composed: ComposedApp) => void;
}

/**
 * Writes the stacks of the environment that is named, with the settings in `infra/settings/<environment>.ts`. What is written
 * depends on these and the given variables alone, on no clock and no chance (INV-16).
 *
 * @returns the exit code: 2 when something a person wrote cannot work, which standard error then says.
 */
export function runStacks({ env, packageVersion, extend }: RunStacksOptions): number {
  // A variable that is set but empty, as pipelines like to do, counts as not set.
  const read = (variable: string): string | undefined => env[variable] || undefined;
  try {
    const composed = composeApp({
      settings: protect(
        loadEnvironment(read("SCHEMAGATE_ENVIRONMENT"), "SCHEMAGATE_ENVIRONMENT"),
        read("SCHEMAGATE_UNPROTECTED"),
      ),
      packageVersion,
      imageTag: read("SCHEMAGATE_IMAGE_TAG"),
      image: read("SCHEMAGATE_IMAGE"),
      redeployToken: read("SCHEMAGATE_REDEPLOY"),
      outdir: read("CDKTF_OUTDIR"),
    });
    if (extend !== undefined) extendStacks(extend, composed);
    synth(composed);
    return 0;
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return usageExitCode;
  }
}

/** For `destroy`: the name is asked for, so that the variable unprotects no other environment. */
function protect(settings: ResolvedSettings, unprotected: string | undefined): ResolvedSettings {
  return unprotected === settings.environment ? { ...settings, preventDestroy: false } : settings;
}

type Extend = NonNullable<RunStacksOptions["extend"]>;

/** Whatever the project's own code throws is its author's to mend. */
function extendStacks(extend: Extend, composed: ComposedApp): void {
  let returned: unknown;
  try {
    returned = extend(composed);
  } catch (error) {
    if (error instanceof ConfigurationError) throw error;
    throw new ConfigurationError(`extend (of the stacks, in infra/main.ts): ${describeThrown(error)}`);
  }
  if (returned instanceof Promise) {
    // Its end comes too late, and may be a failure.
    returned.catch(() => undefined);
    throw new ConfigurationError(
      "extend (of the stacks, in infra/main.ts) returns a promise: the stacks are written without waiting for it. Take " +
        "'async' away, and read beforehand what it waits for",
    );
  }
}

function synth({ app }: ComposedApp): void {
  try {
    app.synth();
  } catch (error) {
    const { message } = error as Error;
    // cdktf's own, for what constructs found with addValidation.
    if (error instanceof ConfigurationError || !message?.startsWith("Validation failed")) throw error;
    throw new ConfigurationError(message);
  }
}
