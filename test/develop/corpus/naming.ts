import type { Naming } from "./survival";

/** Names that stay as they are. */
const unchanged: Naming = { table: same, column: lastPart, sequence: same, value: same, attribute: lastPart };

/** Follows rename hints, in the few forms that the cases use: unquoted names with their schema. */
export function namingOf(hints: readonly string[]): Naming {
  const find = (kind: string, name: string) => {
    const prefix = `${kind}:${name}=`;
    return hints.find((hint) => hint.startsWith(prefix))?.slice(prefix.length);
  };
  const relation = (kind: string) => (name: string) => {
    const [schema = "", own = ""] = name.split(".");
    const renamed = find(kind, name);
    const moved = find("schema", schema);
    const short = renamed ?? own;
    return short.includes(".") ? short : `${moved ?? schema}.${short}`;
  };
  return hints.length === 0
    ? unchanged
    : {
        table: relation("table"),
        column: (name) => find("column", name) ?? lastPart(name),
        sequence: relation("sequence"),
        attribute: (name) => find("attribute", name) ?? lastPart(name),
        value: (value) => renamedValue(hints, value) ?? value,
      };
}

function renamedValue(hints: readonly string[], value: string): string | undefined {
  return hints
    .map((hint) => /^value:.*\.(.*)=(.*)$/.exec(hint))
    .find((match) => match?.[1] === value)
    ?.at(2);
}

function same(name: string): string {
  return name;
}

function lastPart(name: string): string {
  return /("(?:[^"]|"")*"|[^."]*)$/.exec(name)?.[0] ?? name;
}
