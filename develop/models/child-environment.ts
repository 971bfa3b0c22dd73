import type { Environment } from "../../migrator/settings";

/**
 * What a process needs to find programs, files, certificates and the time: nothing in it is a secret. A list of what is
 * kept, because no list of what is secret is ever complete.
 */
const harmless =
  /^(PATH|PATHEXT|HOME|USER|USERPROFILE|APPDATA|LOCALAPPDATA|SYSTEMROOT|WINDIR|COMSPEC|TMPDIR|TEMP|TMP|LANG|LC_\w+|TZ|CI|NODE_(ENV|PATH|OPTIONS|EXTRA_CA_CERTS)|JITI_\w+|NO_COLOR)$/i;

/**
 * The environment in which modules of models run.
 *
 * @param pass names of further variables.
 */
export function childEnvironment(env: Environment, pass: readonly string[]): Record<string, string> {
  const kept = Object.entries(env).filter(([name]) => harmless.test(name) || pass.includes(name));
  return Object.fromEntries(kept.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}
