/** A plan as `terraform show -json` prints it, as far as it is read here. */
export interface Plan {
  readonly resource_changes?: readonly ResourceChange[];
  readonly output_changes?: Readonly<Record<string, { readonly actions: readonly string[] }>>;
}

/** What a plan does to one resource. */
export interface ResourceChange {
  readonly address: string;
  readonly mode: "managed" | "data";
  readonly type: string;
  readonly change: {
    readonly actions: readonly string[];
    readonly before: Values | null;
    readonly after: Values | null;
    /** True, or a tree of true, where a value is known only after the change. */
    readonly after_unknown?: unknown;
    readonly before_sensitive?: unknown;
    readonly after_sensitive?: unknown;
    /** Attributes whose new values the provider can only give to a new resource. */
    readonly replace_paths?: readonly Path[];
  };
  /** `replace_because_tainted`, `delete_because_no_resource_config`, … */
  readonly action_reason?: string;
}

export type Values = Readonly<Record<string, unknown>>;

/** Names of attributes and places in lists, from the resource down. */
export type Path = readonly (string | number)[];

/** Whether applying the plan changes anything but what Terraform remembers. */
export function changesAnything({ resource_changes = [], output_changes = {} }: Plan): boolean {
  const actions = [...resource_changes.map(({ change }) => change.actions), ...outputActions(output_changes)];
  return actions.flat().some((action) => action !== "no-op" && action !== "read");
}

/** Whether applying the plan makes a new revision of a container app: Azure makes one for another template only. */
export function changesTemplate({ resource_changes = [] }: Plan): boolean {
  return resource_changes.some(({ type, change: { actions, before, after, after_unknown } }) => {
    if (type !== "azurerm_container_app" || actions.join() !== "update") return false;
    const isKnown = !JSON.stringify(valueAt(after_unknown, ["template"]) ?? null).includes("true");
    return isKnown && JSON.stringify(before?.template) !== JSON.stringify(after?.template);
  });
}

function outputActions(changes: NonNullable<Plan["output_changes"]>): (readonly string[])[] {
  return Object.values(changes).map(({ actions }) => actions);
}

/** @returns the value at a path; undefined where there is none. */
export function valueAt(values: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<string | number, unknown> | undefined)?.[key], values);
}

/** A path as Terraform writes it: `high_availability[0].mode`. */
export function pathText(path: Path): string {
  return path.map((key, place) => (typeof key === "number" ? `[${key}]` : place === 0 ? key : `.${key}`)).join("");
}

/** Reads a path as Terraform writes it. */
export function parsePath(text: string): Path {
  return [...text.matchAll(/([\w-]+)|\[(\d+)\]/g)].map(([, name, place]) => name ?? Number(place));
}
