import { type Problem, usageError } from "../errors";
import type { bootstrapOptions, Environment, OptionValues } from "../settings";

/** Who logs in. */
export interface Principal {
  readonly role: string;
  /** Microsoft Entra object id; a plain role has none. */
  readonly objectId?: string;
  /** Only for a plain role. */
  readonly password?: string;
}

/** What `bootstrap` prepares. */
export interface BootstrapSpec {
  readonly schema: string;
  readonly ledgerSchema: string;
  readonly migrator: Principal;
  /** The migrator itself where app and migrator share an identity. */
  readonly app: Principal;
}

const variables = { migrator: "SCHEMAGATE_MIGRATOR_PASSWORD", app: "SCHEMAGATE_APP_PASSWORD" } as const;

/** Printable ASCII: drivers differ in how they normalise anything else (SASLprep), so a login may fail. */
const portable = /^[\x20-\x7e]+$/;

/**
 * Puts options and passwords together.
 *
 * @throws usage (exit 2) with every contradiction.
 */
export function toSpec(
  options: OptionValues<typeof bootstrapOptions> & { readonly ledgerSchema: string },
  env: Environment,
): BootstrapSpec {
  const { schema, ledgerSchema, migratorRole = "", appRole = "" } = options;
  const migratorPassword = env[variables.migrator] || undefined;
  const appPassword = env[variables.app] || undefined;
  const migrator = { role: migratorRole, objectId: options.migratorObjectId, password: migratorPassword };
  const app = { role: appRole, objectId: options.appObjectId, password: appPassword };
  const problems = [
    ...principalProblems("migrator", migrator),
    ...principalProblems("app", app),
    ...(schema === ledgerSchema ? [sameSchema(schema)] : []),
    ...(migratorRole === appRole ? sharedProblems(migrator, app) : []),
  ];
  if (problems.length > 0) {
    throw usageError(problems);
  }
  if (migratorRole !== appRole) {
    return { schema, ledgerSchema, migrator, app };
  }
  const shared = {
    ...migrator,
    objectId: migrator.objectId ?? app.objectId,
    password: migrator.password ?? app.password,
  };
  return { schema, ledgerSchema, migrator: shared, app: shared };
}

function principalProblems(who: "migrator" | "app", { role, objectId, password }: Principal): Problem[] {
  const problems: Problem[] = [];
  if (role === "") {
    problems.push({
      code: "no-role",
      message: `the role of the ${who} has no name`,
      hint: `Give --${who}-role NAME; both may be the same.`,
    });
  }
  if (password !== undefined && objectId !== undefined) {
    problems.push({
      code: "password-of-principal",
      message: `${variables[who]} is set, but with --${who}-object-id "${role}" is an Entra principal, which has no password`,
      hint: "Leave one of them out.",
    });
  }
  if (password !== undefined && !portable.test(password)) {
    problems.push({
      code: "bad-password",
      message: `${variables[who]} (hidden) holds characters other than printable ASCII`,
      hint: "Drivers normalise others in different ways; use letters, digits and signs.",
    });
  }
  return problems;
}

function sameSchema(schema: string): Problem {
  return {
    code: "same-schema",
    message: `--schema and --ledger-schema are both "${schema}": the app would be allowed to write the ledger`,
    hint: "Give the app a schema of its own.",
  };
}

function sharedProblems(migrator: Principal, app: Principal): Problem[] {
  const differ = (a: string | undefined, b: string | undefined) => a !== undefined && b !== undefined && a !== b;
  const what = [
    ...(differ(migrator.objectId, app.objectId) ? ["object ids"] : []),
    ...(differ(migrator.password, app.password) ? ["passwords"] : []),
  ];
  return what.map((name) => ({
    code: "shared-role",
    message: `"${migrator.role}" is the role of migrator and app, and has two different ${name}`,
    hint: "Give them roles of their own, or say it once.",
  }));
}
