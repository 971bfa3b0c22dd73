import type { MigratorProps } from "../../infra/constructs/migrator-props";
import { runMigrator } from "../support/migrator";
import { synthesizeApp, variablesOf } from "./support/app-props";
import { type Json, resourcesOfType, synthesize } from "./support/synthesized";

// What the stacks set, the real migrator reads.

/** Every option of the migrator that has a prop. */
const options: Required<
  Pick<
    MigratorProps,
    | "lockWaitSeconds"
    | "connectTimeoutSeconds"
    | "lockTimeoutSeconds"
    | "statementTimeoutSeconds"
    | "retries"
    | "aheadPolicy"
    | "outOfOrderPolicy"
    | "ledgerSchema"
  >
> = {
  lockWaitSeconds: 900,
  connectTimeoutSeconds: 60,
  lockTimeoutSeconds: 3,
  statementTimeoutSeconds: 0,
  retries: 2,
  aheadPolicy: "refuse",
  outOfOrderPolicy: "allow",
  ledgerSchema: "gate",
};

const ownVariables = (variables: Record<string, string>) =>
  Object.fromEntries(Object.entries(variables).filter(([name]) => name.startsWith("SCHEMAGATE_")));

it("every variable of the props is one that `up` reads", async () => {
  const variables = ownVariables(variablesOf(synthesizeApp(options).template.init_container[0]));
  expect(Object.keys(variables)).toHaveLength(Object.keys(options).length);
  const { stdout } = await runMigrator(["up", "--help"]);
  for (const name of Object.keys(variables)) expect(stdout.replaceAll(/\s+/g, " ")).toContain(`env: ${name})`);
});

it("every value is one that it takes: a wrong one is refused, these are not", async () => {
  const variables = ownVariables(variablesOf(synthesizeApp(options).template.init_container[0]));
  const nowhere = { DATABASE_URL: "postgres://app@127.0.0.1:1/app", SCHEMAGATE_CONNECT_TIMEOUT: "0" };
  expect((await runMigrator(["up"], { ...variables, ...nowhere })).code).toBe(7);
  expect((await runMigrator(["up"], { ...variables, ...nowhere, SCHEMAGATE_AHEAD: "perhaps" })).code).toBe(2);
});

const objectIds = {
  app: "aaaaaaaa-0000-0000-0000-000000000001",
  migrator: "bbbbbbbb-0000-0000-0000-000000000002",
};

it.each([
  ["dev", "app"],
  ["prod", "migrator"],
] as const)(
  "the bootstrap job of %s says all that `bootstrap` needs, and makes a role for %s",
  async (environment, who) => {
    const jobs = resourcesOfType(synthesize(environment).jobs.json, "azurerm_container_app_job");
    const job = jobs.map(([, resource]) => resource).find(({ name }: Json) => name.endsWith("-bootstrap"));
    const [container] = job?.template.container ?? [];
    const variables = Object.entries(ownVariables(variablesOf(container))).map(([name, value]) => [name, known(value)]);
    const { code, stdout } = await runMigrator([...container.args, "--sql"], Object.fromEntries(variables));
    expect(code).toBe(0);
    expect(stdout).toContain(
      `pgaadauth_create_principal_with_oid('${who}', '${objectIds[who]}', 'service', false, false)`,
    );
    expect(stdout).toContain(`ALTER SCHEMA "app" OWNER TO "${who}"`);
  },
);

/** What Azure would put in a reference's place: an object id, or the identity's name. */
function known(reference: string): string {
  const who = reference.includes("migrator-identity") ? "migrator" : "app";
  return reference.includes("principal_id") ? objectIds[who] : who;
}
