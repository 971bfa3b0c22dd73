import { createMigratorContainer, migratorResources } from "../../../infra/constructs/migrator-container";
import type { MigratorProps } from "../../../infra/constructs/migrator-props";
import { creatingApp, unknownNumber } from "../support/app-props";

const access = { variables: { PGHOST: "psql.example" }, secretVariables: {}, secrets: [] };

const create = (props: MigratorProps = {}) => createMigratorContainer("shop:1.4.0", props, access, "stack/app");

it("runs 'up' of the image's migrator, with cpu and memory stated", () => {
  expect(create()).toEqual({
    name: "migrate",
    image: "shop:1.4.0",
    command: ["node", "dist/cli.js", "up"],
    cpu: 0.25,
    memory: "0.5Gi",
    env: [{ name: "PGHOST", value: "psql.example" }],
  });
});

it("takes another command, cpu and memory", () => {
  const props = { migrateCommand: ["schemagate", "up", "--target", "7"], migrateCpu: 1, migrateMemory: "1.5Gi" };
  expect(create(props)).toMatchObject({
    command: ["schemagate", "up", "--target", "7"],
    cpu: 1,
    memory: "1.5Gi",
  });
  expect(migratorResources({ migrateCpu: 1 })).toEqual({ cpu: 1, memory: "2Gi" });
});

it.each<[keyof MigratorProps, string | number, string]>([
  ["lockWaitSeconds", 900, "SCHEMAGATE_LOCK_WAIT"],
  ["connectTimeoutSeconds", 60, "SCHEMAGATE_CONNECT_TIMEOUT"],
  ["lockTimeoutSeconds", 0, "SCHEMAGATE_LOCK_TIMEOUT"],
  ["statementTimeoutSeconds", 0, "SCHEMAGATE_STATEMENT_TIMEOUT"],
  ["retries", 0, "SCHEMAGATE_RETRIES"],
  ["aheadPolicy", "refuse", "SCHEMAGATE_AHEAD"],
  ["outOfOrderPolicy", "allow", "SCHEMAGATE_OUT_OF_ORDER"],
  ["ledgerSchema", "ledger", "SCHEMAGATE_LEDGER_SCHEMA"],
])("passes %s (%s) on as %s", (prop, value, variable) => {
  expect(create({ [prop]: value }).env).toEqual([
    { name: "PGHOST", value: "psql.example" },
    { name: variable, value: String(value) },
  ]);
});

it("takes further variables, in clear and from secrets", () => {
  const { env } = create({
    migrateEnvironmentVariables: { NO_COLOR: "1" },
    migrateSecretEnvironmentVariables: { SEED_KEY: "seed-key" },
  });
  expect(env).toEqual([
    { name: "PGHOST", value: "psql.example" },
    { name: "NO_COLOR", value: "1" },
    { name: "SEED_KEY", secretName: "seed-key" },
  ]);
});

it.each([
  ["lockWaitSeconds", 1, 86_400],
  ["connectTimeoutSeconds", 1, 86_400],
  ["lockTimeoutSeconds", 0, 86_400],
  ["statementTimeoutSeconds", 0, 86_400],
  ["retries", 0, 1_000_000],
] as const)("fails when %s is no whole number from %d to %d", (prop, least, most) => {
  for (const value of [least - 1, most + 1, 1.5, Number.NaN]) {
    expect(creatingApp({ [prop]: value })).toThrow(
      `test/app: '${prop}' (${value}) must be a whole number from ${least} to ${most}: the migrator takes nothing else. ` +
        "Write for instance",
    );
  }
  for (const value of [least, most, unknownNumber]) expect(creatingApp({ [prop]: value })).not.toThrow();
});

it("fails when its command is empty, which would start the app in its place", () => {
  expect(() => create({ migrateCommand: [] })).toThrow(
    "stack/app: 'migrateCommand' (empty) would run what the image (shop:1.4.0) starts by itself instead of the migrator. " +
      "Name the migrator's command or leave it out",
  );
});

it.each(["migrateEnvironmentVariables", "migrateSecretEnvironmentVariables"] as const)(
  "fails when %s sets what a prop stands for",
  (prop) => {
    expect(() => create({ retries: 3, [prop]: { SCHEMAGATE_RETRIES: "4" } })).toThrow(
      `stack/app: '${prop}' sets SCHEMAGATE_RETRIES, which the construct sets already: one value would silently win. Remove ` +
        "it there and use the prop that stands for it",
    );
  },
);
