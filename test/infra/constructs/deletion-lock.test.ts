import { ResourceGroup } from "@cdktf/provider-azurerm/lib/resource-group";
import { lockAgainstDeletion } from "../../../infra/constructs/deletion-lock";
import { onlyResource, synthesizeStack } from "../support/synthesized";

it("refuses every deletion, and is removed before what lies below the resource", () => {
  const stack = synthesizeStack((scope) => {
    const group = new ResourceGroup(scope, "group", { name: "rg", location: "westeurope" });
    lockAgainstDeletion(scope, { resourceId: "server-id", notes: "Holds the database.", covers: [group] });
  });
  expect(onlyResource(stack, "azurerm_management_lock")).toMatchObject({
    name: "do-not-delete",
    scope: "server-id",
    lock_level: "CanNotDelete",
    notes: "Holds the database.",
    depends_on: ["azurerm_resource_group.group"],
  });
});
