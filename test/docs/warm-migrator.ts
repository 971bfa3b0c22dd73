import { join } from "node:path";
import { serveRuns } from "../support/warm-process";

// The program of the package that is installed in the directory of the first run: every page's project has the same.

serveRuns((args) => {
  const installed = join(process.cwd(), "node_modules/schemagate/dist/chunks/start.js");
  const { runCommandLine }: typeof import("../../migrator/cli/cli") = require(installed);
  const { env, stdin, stdout, stderr } = process;
  return runCommandLine(args, { env, stdin, stdout, stderr, signal: new AbortController().signal });
});
