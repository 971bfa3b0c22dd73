import { version } from "../version";
import { refuseOtherAppsSql } from "./other-apps";
import type { BootstrapSpec } from "./spec";
import { actAs, type BootstrapStep, databaseSteps, roleSteps } from "./steps";

/** Writes everything as one script for psql, safe to repeat; passwords are no part of it. */
export function writeBootstrapScript(spec: BootstrapSpec): string {
  const entra = roleSteps(spec, "entra");
  const acting = actAs(spec.migrator.role);
  const refuse = refuseOtherAppsSql(spec);
  const plain = roleSteps(spec, "plain");
  return [
    `-- schemagate ${version}: bootstrap. Run it once with psql, as an admin, in the app's database.`,
    "\\set ON_ERROR_STOP on",
    "-- Ends here when another app owns what this one would take.",
    refuse,
    ...(entra.length > 0 ? [entraPart(entra)] : []),
    "BEGIN;",
    // Once more: others may have been at it in the meantime.
    ...(entra.length > 0 ? [refuse] : []),
    ...plain.map(sqlOf),
    "-- For the rest the admin acts as the migrator's role.",
    acting.begin,
    ...databaseSteps(spec).map(sqlOf),
    acting.end,
    "COMMIT;",
    ...(plain.length > 0 ? ["-- Passwords: \\password ROLE in psql, which sends and logs only their hash."] : []),
  ].join("\n\n");
}

function entraPart(steps: readonly BootstrapStep[]): string {
  return [
    "-- Azure keeps these functions in the database postgres; a Microsoft Entra administrator runs them.",
    "\\set app_database :DBNAME",
    "\\connect postgres",
    ...steps.map(sqlOf),
    '\\connect :"app_database"',
  ].join("\n");
}

function sqlOf({ about, sql }: BootstrapStep): string {
  // A name may hold a line break, which would end the comment.
  return `-- ${about.replace(/\s+/g, " ")}\n${sql}`;
}
