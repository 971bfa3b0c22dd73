import { type ContainerVariables, mergeVariables, toEnv } from "../../../infra/constructs/variables";
import { messageOf } from "../support/app-props";

const own: ContainerVariables = { variables: { PORT: "8080" }, secretVariables: { DATABASE_URL: "database-url" } };
const props = { variables: "environmentVariables", secretVariables: "secretEnvironmentVariables" };

const merge = (given: Partial<ContainerVariables>) =>
  mergeVariables(own, { variables: {}, secretVariables: {}, ...given }, props, "stack/app");

it("puts a team's variables behind the construct's own", () => {
  const merged = merge({ variables: { LOG_LEVEL: "debug" }, secretVariables: { SMTP_PASSWORD: "smtp" } });
  expect(toEnv(merged)).toEqual([
    { name: "PORT", value: "8080" },
    { name: "LOG_LEVEL", value: "debug" },
    { name: "DATABASE_URL", secretName: "database-url" },
    { name: "SMTP_PASSWORD", secretName: "smtp" },
  ]);
});

it.each([
  ["environmentVariables", "PORT", { variables: { PORT: "9000" } }],
  ["environmentVariables", "DATABASE_URL", { variables: { DATABASE_URL: "postgres://elsewhere.example" } }],
  ["secretEnvironmentVariables", "PORT", { secretVariables: { PORT: "port" } }],
  ["secretEnvironmentVariables", "DATABASE_URL", { secretVariables: { DATABASE_URL: "other" } }],
])("fails when %s sets %s, which is the construct's", (prop, name, given) => {
  expect(() => merge(given)).toThrow(
    `stack/app: '${prop}' sets ${name}, which the construct sets already: one value would silently win. Remove it there ` +
      "and use the prop that stands for it",
  );
});

it("fails when a variable is given in clear and from a secret", () => {
  expect(() => merge({ variables: { TOKEN: "x" }, secretVariables: { TOKEN: "token" } })).toThrow(
    "stack/app: 'environmentVariables' and 'secretEnvironmentVariables' both set TOKEN: one value would silently win. " +
      "Remove one",
  );
});

it("says nothing of a variable's value when it refuses it", () => {
  const message = messageOf(() => merge({ variables: { DATABASE_URL: "postgres://shop:hunter2@psql.example" } }));
  expect(message).toContain("sets DATABASE_URL");
  expect(message).not.toContain("hunter2");
});

it.each(["variables", "secretVariables"] as const)(
  "fails when %s name another database than the one that Entra signs in to",
  (kind) => {
    const own = { variables: { PGHOST: "psql.example", DATABASE_AUTH: "entra" }, secretVariables: {} };
    const given = { variables: {}, secretVariables: {}, [kind]: { DATABASE_URL: "database-url" } };
    expect(() => mergeVariables(own, given, { variables: "a", secretVariables: "b" }, "test/app")).toThrow(
      "test/app: DATABASE_URL would take the place of 'database': app and migrator must reach one and the same database. " +
        "Remove it, or use 'databaseUrl' instead of 'database'",
    );
  },
);
