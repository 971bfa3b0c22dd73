import type { Container } from "./container-app";

/** Variables that say where the database is; here they are this machine's, not Azure's. */
const databaseVariable = /^(PG[A-Z]+|DATABASE_URL|DATABASE_AUTH|AZURE_CLIENT_ID)$/;

/** What a process needs of the machine it runs on. */
const machineVariables = ["PATH", "HOME", "TMPDIR", "TEMP", "SystemRoot", "LANG", "NODE_EXTRA_CA_CERTS"];

type Environment = Readonly<Record<string, string | undefined>>;

/** The environment of a container on this machine, and the variables that only Azure can give. */
export interface LocalEnvironment {
  readonly env: Record<string, string>;
  readonly leftOut: readonly string[];
}

/**
 * Makes a container's environment as it is synthesized, with the database and the overrides of this machine.
 *
 * @param database variables that name the database.
 * @param overrides what differs here: HOST, PORT.
 */
export function localEnvironment(
  container: Container,
  machine: Environment,
  database: Environment,
  overrides: Environment,
): LocalEnvironment {
  const synthesized = container.env.filter(({ name }) => !databaseVariable.test(name) && !(name in overrides));
  const isKnown = ({ value }: { value?: string }) => value !== undefined && !value.includes("${");
  const kept = Object.fromEntries(synthesized.filter(isKnown).map(({ name, value }) => [name, value]));
  const fromMachine = Object.fromEntries(machineVariables.map((name) => [name, machine[name]]));
  return {
    env: definedOnly({ ...fromMachine, ...kept, ...database, ...overrides }),
    leftOut: synthesized.filter((variable) => !isKnown(variable)).map(({ name }) => name),
  };
}

/** The variables of this shell that name a database. */
export function databaseEnvironment(machine: Environment): Environment {
  return Object.fromEntries(Object.entries(machine).filter(([name]) => databaseVariable.test(name)));
}

function definedOnly(env: Environment): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
