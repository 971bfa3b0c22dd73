import { ResourceGroup } from "@cdktf/provider-azurerm/lib/resource-group";
import { ServerParameters, type ServerParametersProps } from "../../../infra/constructs/server-parameters";
import { constructing, type Json, resourcesOfType, synthesizeStack } from "../support/synthesized";

const leastProps: ServerParametersProps = { serverId: "server-id", extensions: [], configuration: {} };

const synthesizeParameters = (props: Partial<ServerParametersProps> = {}): Json =>
  synthesizeStack((scope) => new ServerParameters(scope, "configuration", { ...leastProps, ...props }));

/** Values by parameter. */
const valuesOf = (stack: Json): Json =>
  Object.fromEntries(
    resourcesOfType(stack, "azurerm_postgresql_flexible_server_configuration").map(([, { name, value }]) => [
      name,
      value,
    ]),
  );

const setting = (name: string, value: string) =>
  constructing(
    (scope) => new ServerParameters(scope, "configuration", { ...leastProps, configuration: { [name]: value } }),
  );

it("leaves the service's values alone unless told otherwise", () => {
  expect(synthesizeParameters()).not.toHaveProperty("resource");
});

it("sets one parameter with each resource, also those of extensions", () => {
  const configuration = { log_min_duration_statement: "1000", "pgaudit.log": "ddl", work_mem: "8192" };
  expect(valuesOf(synthesizeParameters({ configuration }))).toEqual(configuration);
});

it("allows extensions in the form in which the service answers", () => {
  expect(valuesOf(synthesizeParameters({ extensions: ["uuid-ossp", "pg_trgm"] }))).toEqual({
    "azure.extensions": "PG_TRGM,UUID-OSSP",
  });
});

it("changes the server one parameter after the other, behind what has to be over before", () => {
  const stack = synthesizeStack((scope) => {
    const after = new ResourceGroup(scope, "group", { name: "rg", location: "westeurope" });
    const configuration = { work_mem: "8192", log_min_duration_statement: "1000" };
    new ServerParameters(scope, "configuration", { ...leastProps, configuration, extensions: ["hstore"], after });
  });
  const parameters = resourcesOfType(stack, "azurerm_postgresql_flexible_server_configuration");
  const before = (name: string) => parameters.find(([, parameter]) => parameter.name === name)?.[1].depends_on;
  expect(before("work_mem")).toEqual(["azurerm_resource_group.group"]);
  expect(before("log_min_duration_statement")).toEqual([expect.stringContaining("configuration_work_mem_")]);
  expect(before("azure.extensions")).toEqual([expect.stringContaining("configuration_log_min_duration_statement_")]);
});

it.each([
  ["azure.extensions", "HSTORE", "has a prop of its own. Use 'extensions'"],
  [
    "client_connection_check_interval",
    "1000",
    "is read-only in this service. Leave it out: the migrator sets it for its own session",
  ],
  ["port", "6432", "is read-only in this service: it listens on 5432, its PgBouncer on 6432. Leave it out"],
  ["listen_addresses", "*", "is read-only in this service. Leave it out"],
  ["ssl", "off", "is read-only in this service: it is always on. Leave it out"],
  ["require_secure_transport", "off", "would take connections without TLS. Leave it out"],
  ["ssl_min_protocol_version", "TLSv1.1", "is older than TLS 1.2. Use TLSv1.2 or TLSv1.3"],
  ["Work Mem", "1", "is no parameter's name. Use lower case letters, digits and underscores"],
])("fails when the configuration sets %s to %s", (name, value, problem) => {
  expect(setting(name, value)).toThrow(`test: 'configuration' sets ${name} (${value}): it ${problem}`);
});

it.each([
  ["require_secure_transport", "ON"],
  ["ssl_min_protocol_version", "TLSv1.3"],
])("takes %s where it closes the server further (%s)", (name, value) => {
  expect(setting(name, value)).not.toThrow();
});

it("fails when extensions are not given one by one", () => {
  const extensions = ["pg_trgm", "hstore,ltree", ""];
  expect(constructing((scope) => new ServerParameters(scope, "configuration", { ...leastProps, extensions }))).toThrow(
    "test: 'extensions' (hstore,ltree, ) must be names of extensions: they become one list with commas between them. Write " +
      "for instance ['pg_trgm', 'uuid-ossp']",
  );
});
