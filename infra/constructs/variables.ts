import { ConfigurationError } from "../errors";
import type { SecretVariables } from "./secrets";

/** Environment variables by name. Nothing secret: they are readable in state and portal. */
export type Variables = Readonly<Record<string, string>>;

/** Variables of one container: in clear, and from secrets. */
export interface ContainerVariables {
  readonly variables: Variables;
  readonly secretVariables: SecretVariables;
}

/** Adds what a team sets to what a construct sets; refuses a name that both set, because only one value would count. */
export function mergeVariables(
  own: ContainerVariables,
  given: ContainerVariables,
  props: { readonly variables: string; readonly secretVariables: string },
  construct: string,
): ContainerVariables {
  requireNoOtherDatabase(own, given, construct);
  const ownNames = new Set([...Object.keys(own.variables), ...Object.keys(own.secretVariables)]);
  for (const kind of ["variables", "secretVariables"] as const) {
    for (const name of Object.keys(given[kind])) {
      if (ownNames.has(name)) {
        throw new ConfigurationError(
          `${construct}: '${props[kind]}' sets ${name}, which the construct sets already: one value would silently win. ` +
            "Remove it there and use the prop that stands for it",
        );
      }
    }
  }
  const twice = Object.keys(given.variables).find((name) => name in given.secretVariables);
  if (twice !== undefined) {
    throw new ConfigurationError(
      `${construct}: '${props.variables}' and '${props.secretVariables}' both set ${twice}: one value would silently ` +
        "win. Remove one",
    );
  }
  return {
    variables: { ...own.variables, ...given.variables },
    secretVariables: { ...own.secretVariables, ...given.secretVariables },
  };
}

/** The migrator and most drivers prefer DATABASE_URL to the variables that name the database with Entra. */
function requireNoOtherDatabase(own: ContainerVariables, given: ContainerVariables, construct: string): void {
  const isGiven = "DATABASE_URL" in given.variables || "DATABASE_URL" in given.secretVariables;
  if (!isGiven || own.variables.DATABASE_AUTH !== "entra") return;
  throw new ConfigurationError(
    `${construct}: DATABASE_URL would take the place of 'database': app and migrator must reach one and the same database. ` +
      "Remove it, or use 'databaseUrl' instead of 'database'",
  );
}

/** The list form the provider takes, in the order given. */
export function toEnv({ variables, secretVariables }: ContainerVariables) {
  return [
    ...Object.entries(variables).map(([name, value]) => ({ name, value })),
    ...Object.entries(secretVariables).map(([name, secretName]) => ({ name, secretName })),
  ];
}
