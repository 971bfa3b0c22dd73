import type { Plan, ResourceChange, Values } from "./plan";

/** A change that a plan shows as one in place, and that the apply then fails at. */
export interface RefusedUpdate {
  readonly address: string;
  readonly why: string;
}

/** What Azure does not do to what is there: why, by kind of resource; undefined where it would. */
const rules: Readonly<Record<string, (before: Values, after: Values) => string | undefined>> = {
  azurerm_postgresql_flexible_server: (before, after) =>
    differs(before.zone, after.zone) && !hasStandby(before)
      ? `zone changes from ${before.zone} to ${after.zone} (postgres.zone): a server moves to another zone only by failing ` +
        "over to a standby there. Put it back, or give the server a standby in that zone first"
      : undefined,
  azurerm_subnet: (before, after) =>
    differs(before.address_prefixes, after.address_prefixes) && isDelegated(before)
      ? `address_prefixes changes from ${before.address_prefixes} to ${after.address_prefixes} (network): a subnet that is ` +
        "in use keeps its range. Put it back"
      : undefined,
  azurerm_container_registry: (before, after) =>
    before.zone_redundancy_enabled === true && after.sku !== "Premium"
      ? `sku changes from ${before.sku} to ${after.sku} (registrySku): only Premium is spread over zones, and this registry ` +
        "is. Put it back"
      : undefined,
};

/** @returns what Azure will not do, before anything of the plan is done. */
export function findRefusedUpdates({ resource_changes = [] }: Plan): RefusedUpdate[] {
  return resource_changes.flatMap(({ address, type, change }) => {
    const why = isUpdate(change) ? rules[type]?.(change.before ?? {}, change.after ?? {}) : undefined;
    return why === undefined ? [] : [{ address, why }];
  });
}

function isUpdate({ actions }: ResourceChange["change"]): boolean {
  return actions.join() === "update";
}

/** A value that is known only after the change is none. */
function differs(before: unknown, after: unknown): boolean {
  return after !== undefined && JSON.stringify(before) !== JSON.stringify(after);
}

function hasStandby({ high_availability }: Values): boolean {
  return Array.isArray(high_availability) && high_availability.length > 0;
}

function isDelegated({ delegation }: Values): boolean {
  return Array.isArray(delegation) && delegation.length > 0;
}
