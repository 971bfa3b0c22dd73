import { execFileSync } from "node:child_process";
import { modules } from "../peers/installed";

/** Bundles a program with the benchmarks' packages into one file, as a team that cares would ship it. */
export function bundle(source: string, outFile: string): string {
  const flags = ["--bundle", "--platform=node", "--external:pg-native", "--log-level=error", `--outfile=${outFile}`];
  execFileSync(process.execPath, [require.resolve("esbuild/bin/esbuild"), source, ...flags], {
    env: { ...process.env, NODE_PATH: modules },
  });
  return outFile;
}
