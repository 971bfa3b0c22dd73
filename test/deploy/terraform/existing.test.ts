import { findExisting } from "../../../deploy/terraform/existing";
import type { Plan } from "../../../deploy/terraform/plan";

// As Terraform 1.11 prints what azurerm 4.55 says: plain in a pipeline, boxed on a terminal.

const group = "/subscriptions/0/resourceGroups/rg-shop-dev";
const server = `${group}/providers/Microsoft.DBforPostgreSQL/flexibleServers/psql-shop-dev`;
const message = (id: string, type: string) =>
  `a resource with the ID "${id}" already exists - to be managed via Terraform this resource needs to be imported into the State. Please see the resource documentation for "${type}" for more information.`;

const plain = (text: string, address: string) => `
azurerm_resource_group.other: Creation complete after 2s [id=/subscriptions/0/resourceGroups/rg]

Error: ${text}

  with ${address},
  on cdk.tf.json line 20, in resource.azurerm_resource_group.it:
  20:       "it": {

`;

const boxed = (text: string, address: string) =>
  `\u001b[31m╷\u001b[0m\u001b[0m
\u001b[31m│\u001b[0m \u001b[0m\u001b[1m\u001b[31mError: \u001b[0m\u001b[0m\u001b[1m${text}\u001b[0m
\u001b[31m│\u001b[0m \u001b[0m
\u001b[31m│\u001b[0m \u001b[0m\u001b[0m  with ${address},
\u001b[31m│\u001b[0m \u001b[0m  on cdk.tf.json line 20, in resource.azurerm_resource_group.it:
\u001b[31m│\u001b[0m \u001b[0m  20:       "it": \u001b[4m{\u001b[0m
\u001b[31m╵\u001b[0m\u001b[0m
`;

const noPlan: Plan = {};

it.each([
  ["plain", plain],
  ["boxed", boxed],
])("what is there is read from an error that is printed %s, each with its own address", (_, print) => {
  const output =
    print(message(group, "azurerm_resource_group"), "azurerm_resource_group.it") +
    print("something else", "azurerm_subnet.it") +
    print(
      message(server, "azurerm_postgresql_flexible_server"),
      "azurerm_postgresql_flexible_server.postgres_server_20CD2676",
    );
  expect(findExisting(output, noPlan)).toEqual([
    { address: "azurerm_resource_group.it", id: group },
    { address: "azurerm_postgresql_flexible_server.postgres_server_20CD2676", id: server },
  ]);
});

it("an error that was wrapped is read as well, and so is azapi's", () => {
  const text = `Resource already exists\n\nA resource with the ID\n"${server}"\nalready exists - to be managed via Terraform this resource needs to be imported`;
  const output = `Error: Failed to create\n\n  with module.a["x"].azapi_resource.it,\n  on cdk.tf.json line 1:\n\n${text}\n`;
  expect(findExisting(output, noPlan)).toEqual([{ address: 'module.a["x"].azapi_resource.it', id: server }]);
});

it("a role that the identity has already gets its name from the conflict, and its scope from the plan", () => {
  const address = "azurerm_role_assignment.app-identity_registry-pull_52EA2C8F";
  const scope = `${group}/providers/Microsoft.ContainerRegistry/registries/crshopdev`;
  const text =
    "unexpected status 409 (409 Conflict) with error: RoleAssignmentExists: The role assignment already exists. The ID of the existing role assignment is 0123456789abcdef0123456789abcdef.";
  const plan: Plan = {
    resource_changes: [
      {
        address,
        mode: "managed",
        type: "azurerm_role_assignment",
        change: { actions: ["create"], before: null, after: { scope } },
      },
    ],
  };
  expect(findExisting(plain(text, address), plan)).toEqual([
    { address, id: `${scope}/providers/Microsoft.Authorization/roleAssignments/01234567-89ab-cdef-0123-456789abcdef` },
  ]);
  expect(findExisting(plain(text, address), noPlan)).toEqual([]);
});

it("other failures name nothing to import", () => {
  expect(
    findExisting(plain("creating Server: the quota is used up", "azurerm_postgresql_flexible_server.it"), noPlan),
  ).toEqual([]);
  expect(findExisting("", noPlan)).toEqual([]);
});
