import { quoteIdentifier } from "../../migrator/connection/quote";
import { type Catalog, type CatalogObject, catalogKey } from "../catalog/catalog";

/** What stands for the role that migrates, on both sides. */
const migrator = "the role that migrates";

/**
 * Puts one word in the place of the roles that migrate: who migrated a database is no difference between it and its
 * migrations, and would otherwise be one for every object.
 */
export function withoutMigrators(catalog: Catalog, roles: readonly string[]): Catalog {
  const names = new Set(roles.flatMap((role) => [role, quoteIdentifier(role)]));
  const replace = (name: string) => (names.has(name) ? migrator : name);
  const objects = [...catalog.values()].map((object) => withoutMigrator(object, replace));
  return new Map(objects.map((object) => [catalogKey(object), object]));
}

function withoutMigrator(object: CatalogObject, replace: (name: string) => string): CatalogObject {
  const { kind, identity, facts } = object;
  const owned = "owner" in facts && facts.owner !== null ? { ...facts, owner: replace(facts.owner ?? "") } : facts;
  if (kind !== "grant" && kind !== "default privileges") {
    return { ...object, facts: owned };
  }
  const named = identity
    .replace(/ to ((?:"[^"]*")+|[^ ]+)$/, (_, grantee: string) => ` to ${replace(grantee)}`)
    .replace(/^of ((?:"[^"]*")+|[^ ]+)(?= (?:in|on) )/, (_, owner: string) => `of ${replace(owner)}`);
  const privileges = (facts.privileges ?? "").replace(
    / granted by ((?:"[^"]*")+|[^ ,]+)/g,
    (_, grantor: string) => ` granted by ${replace(grantor)}`,
  );
  return { ...object, identity: named, facts: { ...owned, privileges } };
}
