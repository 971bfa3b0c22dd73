import { stripVTControlCharacters } from "node:util";
import type { Plan } from "./plan";

/** A resource that Azure has and the state does not: its creation was cut off, or somebody else made it. */
export interface Existing {
  readonly address: string;
  /** Resource id, which an import takes. */
  readonly id: string;
}

/** The look of a provider before it creates something. */
const foundBefore = /a resource with the ID "([^"]+)" already exists/i;

/** The resource manager's word for a role that the identity has, under a name which azurerm did not choose. */
const roleAssigned = /RoleAssignmentExists.*?role assignment is ([0-9a-f]{32})\b/;

/** Behind an error Terraform names the resource. */
const where = / with ([^\s,]+), on /;

/**
 * Reads what `terraform apply` printed for resources that it could not create because they are there.
 *
 * @param plan what was applied: it knows the scope of a role.
 */
export function findExisting(output: string, plan: Plan): Existing[] {
  return errorsIn(output).flatMap((error) => {
    const address = where.exec(error)?.[1];
    const id = foundBefore.exec(error)?.[1] ?? roleId(error, address, plan);
    return address === undefined || id === undefined ? [] : [{ address, id }];
  });
}

/** Each error in one line: on a terminal they stand in boxes, and long ones are wrapped. */
function errorsIn(output: string): string[] {
  return stripVTControlCharacters(output)
    .replaceAll(/^[╷│╵] ?/gm, "")
    .split(/^(?=Error: )/m)
    .map((error) => error.replaceAll(/\s+/g, " "));
}

function roleId(error: string, address: string | undefined, { resource_changes = [] }: Plan): string | undefined {
  const digits = roleAssigned.exec(error)?.[1];
  const scope = resource_changes.find((resource) => resource.address === address)?.change.after?.scope;
  if (digits === undefined || typeof scope !== "string") return undefined;
  const name = digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  return `${scope}/providers/Microsoft.Authorization/roleAssignments/${name}`;
}
