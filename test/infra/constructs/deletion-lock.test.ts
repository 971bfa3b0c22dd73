import { ResourceGroup } from "@cdktf/provider-azurerm/lib/resource-group";
import { DeletionLock } from "../../../infra/constructs/deletion-lock";
import { onlyResource, synthesizeStack } from "../support/synthesized";

/** A lock over resource groups of these names. */
const lockOver = (names: readonly string[], fixed: readonly string[] = []) =>
  onlyResource(
    synthesizeStack((scope) => {
      const [first, ...others] = names.map((name) => new ResourceGroup(scope, name, { name, location: "westeurope" }));
      const covers = first === undefined ? [] : [first];
      const lock = new DeletionLock(scope, { resourceId: "server-id", notes: "Holds the database.", covers, fixed });
      lock.cover(others);
    }),
    "azurerm_management_lock",
  );

it("refuses every deletion, and is removed before what lies below the resource", () => {
  expect(lockOver(["one", "two"])).toMatchObject({
    name: "do-not-delete",
    scope: "server-id",
    lock_level: "CanNotDelete",
    notes: expect.stringMatching(/^Holds the database\. Covers what is below it \([0-9a-f]{8}\)\.$/),
    depends_on: ["azurerm_resource_group.one", "azurerm_resource_group.two"],
  });
});

// Azure takes other notes for another lock; made anew, it is out of the way of what has to go.
it("is made anew when something below the resource goes, comes, or has to be made anew itself", () => {
  const { notes } = lockOver(["one", "two"], ["dba"]);
  expect(lockOver(["two", "one"], ["dba"]).notes).toBe(notes);
  for (const other of [
    lockOver(["one"], ["dba"]),
    lockOver(["one", "two", "three"], ["dba"]),
    lockOver(["one", "two"]),
  ]) {
    expect(other.notes).not.toBe(notes);
  }
});
