import type { Client } from "pg";
import { applySteps, inTransactionAlone, readNotes, refuseOtherPrincipals } from "../../bootstrap/apply";
import { refuseOtherApps } from "../../bootstrap/other-apps";
import { passwordStep } from "../../bootstrap/password";
import { writeBootstrapScript } from "../../bootstrap/script";
import { type BootstrapSpec, toSpec } from "../../bootstrap/spec";
import { databaseSteps, roleSteps } from "../../bootstrap/steps";
import { namesDatabase } from "../../connection/config";
import { noDatabaseError } from "../../connection/no-database";
import { exitCodes } from "../../errors";
import type { Style } from "../../events/words";
import { withDatabase } from "../../run/session";
import { bootstrapOptions, databaseOptions, type OptionValues, readOptions } from "../../settings";
import type { Command, CommandContext } from "./command";

const options = { ...databaseOptions, ...bootstrapOptions };

type Settings = OptionValues<typeof options>;

export const bootstrap: Command = {
  name: "bootstrap",
  about: "prepare a database, once, as an admin: schemas, and roles for migrator and app with their grants",
  examples: [
    "schemagate bootstrap --migrator-role orders_migrator --app-role orders_app",
    "schemagate bootstrap --migrator-role orders --app-role orders --schema orders",
    "schemagate bootstrap --migrator-role orders_migrator --app-role orders_app --sql > bootstrap.sql",
  ],
  options,
  run: async (given, context) => {
    const settings = readOptions(options, given, context.env);
    const spec = toSpec(settings, context.env);
    if (settings.sql) {
      context.output.text(writeBootstrapScript(spec));
      return exitCodes.ok;
    }
    requireServer(spec, settings, context);
    const { changed, notes } = await withDatabase(settings, context, ({ client }) =>
      prepare(client, spec, settings, context),
    );
    context.output.result({ event: "bootstrapped", changed, notes }, (style) => describe(changed, notes, style));
    return exitCodes.ok;
  },
};

/** Azure's functions are on no embedded server. */
function requireServer(spec: BootstrapSpec, settings: Settings, { env }: CommandContext): void {
  if (roleSteps(spec, "entra").length > 0 && !namesDatabase({ databaseUrl: settings.databaseUrl, env })) {
    throw noDatabaseError("Entra principals need a server on Azure");
  }
}

/** Makes the roles of Entra principals, in the database `postgres`; roles are the whole server's. */
async function createPrincipals(spec: BootstrapSpec, settings: Settings, context: CommandContext): Promise<string[]> {
  const steps = roleSteps(spec, "entra");
  if (steps.length === 0) {
    return [];
  }
  const elsewhere = {
    settings: { ...settings, databaseUrl: settings.databaseUrl && inPostgres(settings.databaseUrl) },
    context: { ...context, env: { ...context.env, PGDATABASE: "postgres" } },
  };
  return withDatabase(elsewhere.settings, elsewhere.context, async ({ client }) => {
    await refuseOtherPrincipals(client, spec);
    return inTransactionAlone(client, () => applySteps(client, steps, spec.migrator.role, context.signal));
  });
}

/** The same URL with the database `postgres`. */
function inPostgres(databaseUrl: string): string {
  const withoutName = databaseUrl.replace(/([?&])dbname=[^&]*/g, "$1");
  return withoutName.replace(/^(\w+:\/\/[^/?]*)(\/[^?]*)?/, "$1/postgres");
}

async function prepare(client: Client, spec: BootstrapSpec, settings: Settings, context: CommandContext) {
  const principals = spec.migrator.role === spec.app.role ? [spec.migrator] : [spec.migrator, spec.app];
  const changed = await inTransactionAlone(client, async () => {
    // Before anything is made, also in the database of the principals, and while no other bootstrap is at it.
    await refuseOtherApps(client, spec);
    const made = await createPrincipals(spec, settings, context);
    const passwords = await Promise.all(principals.map((principal) => passwordStep(client, principal)));
    const steps = [...roleSteps(spec, "plain"), ...passwords.flat(), ...databaseSteps(spec)];
    return [...made, ...(await applySteps(client, steps, spec.migrator.role, context.signal))];
  });
  return { changed, notes: await readNotes(client, spec) };
}

function describe(changed: readonly string[], notes: readonly string[], style: Style): string {
  return [
    ...changed.map((about) => `${style.green("✔")} ${about}`),
    ...notes.map((note) => style.yellow(`note: ${note}`)),
    changed.length === 0 ? "nothing to change: everything is as asked" : `${changed.length} changed`,
  ].join("\n");
}
