// Writes the same stacks with CDK Terrain, from the same sources: `npm run synth:cdktn -- dev`. Only the names that the
// sources import lead elsewhere. Variables (image, output directory) are those of infra/main.ts.
import { join } from "node:path";
import { createJiti } from "jiti";
import { requireEnvironment } from "../infra/environments";
import { ConfigurationError, usageExitCode } from "../infra/errors";
import { cdktnPackages, installCdktn } from "./install-cdktn";

const root = join(__dirname, "..");

function readEnvironment([environment, ...rest]: readonly string[]): string {
  if (rest.length === 0) return requireEnvironment(environment, "environment");
  throw new ConfigurationError(
    `arguments (${rest.join(" ")}): only the environment is taken. Name the image in SCHEMAGATE_IMAGE, and the output ` +
      "directory in CDKTF_OUTDIR",
  );
}

try {
  process.env.SCHEMAGATE_ENVIRONMENT = readEnvironment(process.argv.slice(2));
  process.env.CDKTF_OUTDIR ||= join(root, "cdktn.out");
  installCdktn();
  const program = join(root, "infra", "main.ts");
  createJiti(program, { alias: { ...cdktnPackages } })(program);
} catch (error) {
  if (!(error instanceof ConfigurationError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = usageExitCode;
}
