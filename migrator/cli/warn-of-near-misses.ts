import { namesDatabase } from "../connection/config";
import { warningEvent } from "../events/events";
import type { Environment } from "../settings/read-options";
import type { Command } from "./commands/command";
import type { Output } from "./output";

/** Set by an image, and no option's. */
const ofImage = "SCHEMAGATE_IMAGE_VERSION";

/** As SCHEMAGATE_ may be mistyped. */
const nearPrefix = /^([acehgmst]{8,12}_|schema_?gate_)/i;

/**
 * Warns of variables whose names nearly are those of one that is read: a database that is named in another way, or a
 * setting that does not count. A start in an ordinary environment loads nothing for it.
 *
 * @param given options from the command line by name, unparsed.
 */
export async function warnOfNearMisses(
  command: Command,
  given: Readonly<Record<string, unknown>>,
  env: Environment,
  output: Output,
): Promise<void> {
  const usesDatabase = "databaseUrl" in command.options && !given.sql;
  const databaseUrl = given.databaseUrl === undefined ? env.DATABASE_URL : String(given.databaseUrl);
  const isNamed = !usesDatabase || namesDatabase({ databaseUrl, env });
  if (isNamed && !Object.keys(env).some((name) => nearPrefix.test(name) && !isRead(name, command))) {
    return;
  }
  const { nearMisses } = await import("../settings/near-misses");
  for (const problem of await nearMisses(env, isNamed)) {
    output.event(warningEvent(problem));
  }
}

function isRead(name: string, { options }: Command): boolean {
  return name === ofImage || name === "SCHEMAGATE_JSON" || Object.values(options).some((spec) => spec.env === name);
}
