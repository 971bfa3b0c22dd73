import { type Plan, parsePath, valueAt } from "./plan";

/** A setting that a deployment leaves as it is in Azure. */
export interface WithoutEffect {
  readonly address: string;
  /** As Terraform calls it: `storage_mb`. */
  readonly attribute: string;
  readonly wanted: unknown;
  readonly is: unknown;
  /** How to bring it about. */
  readonly how: string;
}

/** A stack as cdktf wrote it: kind of resource, its id, its arguments. */
export interface StackConfiguration {
  readonly resource?: Readonly<Record<string, Readonly<Record<string, Arguments>>>>;
}

type Arguments = Readonly<Record<string, unknown>> & {
  readonly lifecycle?: { readonly ignore_changes?: readonly string[] | "all" };
};

/** How to bring about what a deployment leaves alone. */
const ways: Readonly<Record<string, string>> = {
  storage_mb:
    "disks grow by themselves and never shrink; to grow one now: 'az postgres flexible-server update --storage-size <GiB> " +
    "--name <server> --resource-group <group>'",
  zone: "a failover swaps the zones: 'az postgres flexible-server restart --failover Planned' swaps them back",
  zone_redundancy_enabled: "a registry is spread over zones, or not, from its creation on",
};

/** @returns settings whose values differ from what is there, and which nothing changes (`ignore_changes`). */
export function findWithoutEffect(configuration: StackConfiguration, { resource_changes = [] }: Plan): WithoutEffect[] {
  return resource_changes.flatMap(({ address, type, change }) => {
    const own = configuration.resource?.[type]?.[address.slice(type.length + 1)];
    const ignored = own?.lifecycle?.ignore_changes;
    if (own === undefined || change.before === null || !Array.isArray(ignored)) return [];
    return ignored.flatMap((attribute: string) => {
      const path = parsePath(attribute);
      const [wanted, is] = [valueAt(own, path), valueAt(change.before, path)];
      const isKnown = isScalar(wanted) && isScalar(is) && !String(wanted).includes("${");
      if (!isKnown || String(wanted) === String(is)) return [];
      return [{ address, attribute, wanted, is, how: ways[String(path[0])] ?? "change it by other means" }];
    });
  });
}

function isScalar(value: unknown): value is string | number | boolean {
  return ["string", "number", "boolean"].includes(typeof value);
}
