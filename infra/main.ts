import { version } from "../package.json";
import { composeApp } from "./compose";
import { loadSettings, requireEnvironment } from "./environments";
import { ConfigurationError } from "./errors";

/** A usage error, as everywhere in schemagate. */
const usageExitCode = 2;

/** A variable that is set but empty, as pipelines like to do, counts as not set. */
const read = (variable: string): string | undefined => process.env[variable] || undefined;

try {
  const environment = requireEnvironment(read("SCHEMAGATE_ENVIRONMENT"), "SCHEMAGATE_ENVIRONMENT");
  const { app } = composeApp({
    settings: loadSettings(environment),
    packageVersion: version,
    imageTag: read("SCHEMAGATE_IMAGE_TAG"),
    image: read("SCHEMAGATE_IMAGE"),
    redeployToken: read("SCHEMAGATE_REDEPLOY"),
    outdir: read("CDKTF_OUTDIR"),
  });
  app.synth();
} catch (error) {
  if (!(error instanceof ConfigurationError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = usageExitCode;
}
