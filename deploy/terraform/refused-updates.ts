import type { Plan } from "./plan";

/** A change that a plan shows as one in place, and that the apply then fails at. */
export interface RefusedUpdate {
  readonly address: string;
  readonly why: string;
}

/** @returns what Azure will not do, before anything of the plan is done. */
export function findRefusedUpdates({ resource_changes = [] }: Plan): RefusedUpdate[] {
  return resource_changes.flatMap(({ address, type, change }) => {
    const { actions, before, after } = change;
    if (type !== "azurerm_postgresql_flexible_server" || actions.join() !== "update") return [];
    if (before?.zone === after?.zone || after?.zone === undefined) return [];
    const why =
      `zone changes from ${before?.zone} to ${after.zone} (postgres.zone): a server moves to another zone only by ` +
      "failing over to a standby there. Put it back, or give the server a standby in that zone and fail over";
    return [{ address, why }];
  });
}
