import { ResourceGroup } from "@cdktf/provider-azurerm/lib/resource-group";
import { TerraformStack, Testing } from "cdktf";
import { orderAfter } from "../../../infra/constructs/deploy-order";

const groupIn = (stack: TerraformStack) => new ResourceGroup(stack, "group", { name: "rg", location: "westeurope" });

it("orders after the resources of the same stack", () => {
  const stack = new TerraformStack(Testing.app(), "test");
  const group = groupIn(stack);
  expect(orderAfter(stack, [group])).toEqual([group]);
});

it("puts another stack first, whose resources depends_on cannot name", () => {
  const app = Testing.app();
  const first = new TerraformStack(app, "first");
  const second = new TerraformStack(app, "second");
  const own = groupIn(second);
  expect(orderAfter(second, [groupIn(first), own])).toEqual([own]);
  expect(second.dependsOn(first)).toBe(true);
});

it("has nothing to say about nothing", () => {
  expect(orderAfter(new TerraformStack(Testing.app(), "test"), [])).toBeUndefined();
});
