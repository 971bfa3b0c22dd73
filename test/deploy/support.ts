import { join } from "node:path";
import { environmentOf, type Result } from "../infra/support/run-script";
import { useWarmProcess } from "../support/warm-process";

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * What `npm run synth|diff|deploy|gate|job|settings|state` runs, in a process that a file's tests share: most of a start goes to
 * loading SDKs. exit-codes.test.ts has the real start.
 *
 * @param variables that Node reads at its start: `NODE_EXTRA_CA_CERTS`
 * @returns runs one command line with these variables besides the environment's own.
 */
export function useWarmProgram(
  variables: Variables = {},
): (args: readonly string[], own?: Variables) => Promise<Result> {
  const run = useWarmProcess(join(__dirname, "warm-deploy.ts"), () => environmentOf(variables));
  return (args, own = {}) => run({ args, env: environmentOf(own) });
}
