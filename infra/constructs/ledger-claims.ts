import { type TerraformStack, Token, Tokenization } from "cdktf";
import type { Construct, IConstruct } from "constructs";
import { ConfigurationError } from "../errors";
import type { IDatabaseUrlSecret } from "./database-url-secret";
import type { IPostgresDatabase } from "./private-postgres-props";
import type { Variables } from "./variables";
import type { IWorkloadIdentity } from "./workload-identity";

/** What a construct says of its migrator, as far as it decides whose ledger it writes. */
export interface Migrating {
  readonly database?: IPostgresDatabase;
  /** Secret that holds the migrator's DATABASE_URL. */
  readonly databaseUrl?: IDatabaseUrlSecret;
  /** Who migrates; with `databaseUrl` the role is in the secret. */
  readonly migrator: IWorkloadIdentity;
  /** Absent where any image will do. */
  readonly image?: string;
  readonly ledgerSchema?: string;
  readonly variables?: Variables;
  /** Command and arguments. */
  readonly command?: readonly string[];
}

/** A schema of a database that one app has for itself. */
interface Claim {
  readonly construct: string;
  readonly prop: "ledgerSchema" | "schema";
  readonly schema: string;
  readonly database: string;
  readonly migrator?: string;
  readonly repository?: string;
}

const claimsOf = new WeakMap<IConstruct, Claim[]>();

/** Commands that write no ledger, or say for which role they prepare one. */
const lookingOn = ["bootstrap", "check", "current", "doctor", "drift", "history", "plan", "show", "status", "verify"];

/**
 * Refuses a second app on one ledger: each would find migrations there that it does not hold. The same image with the same
 * migrator is the same app: its jobs, and a worker beside an API.
 */
export function claimLedger(construct: Construct, migrating: Migrating): void {
  const { command = [], variables = {}, ledgerSchema } = migrating;
  if (command.some((word) => lookingOn.includes(word))) return;
  const [, asOption] = /(?:^|\s)--ledger-schema[=\s]\s*(\S+)/.exec(command.join(" ")) ?? [];
  const schema = asOption ?? ledgerSchema ?? variables.SCHEMAGATE_LEDGER_SCHEMA ?? "schemagate";
  claim(construct, { prop: "ledgerSchema", schema, ...partiesOf(migrating) });
}

/** The same for what a bootstrap gives to its migrator: the ledger's schema and the tables'. */
export function claimSchemas(construct: Construct, schema: string | undefined, migrating: Migrating): void {
  claimLedger(construct, migrating);
  const name = schema ?? migrating.variables?.SCHEMAGATE_SCHEMA ?? "app";
  claim(construct, { prop: "schema", schema: name, ...partiesOf(migrating) });
}

function partiesOf({ database, databaseUrl, migrator, image }: Migrating) {
  return {
    database:
      database === undefined
        ? `in ${secretOf(databaseUrl)}`
        : `${known(database.databaseName)} on ${known(database.host).toLowerCase()}`,
    migrator: database === undefined ? undefined : known(migrator.name),
    repository: image === undefined ? undefined : repositoryOf(image),
  };
}

/** A Key Vault secret, whatever its version. */
function secretOf(databaseUrl: IDatabaseUrlSecret | undefined): string {
  return known(databaseUrl?.keyVaultSecretId ?? "")
    .replace(/(\/secrets\/[^/]+)\/.*$/, "$1")
    .toLowerCase();
}

function claim(construct: Construct, claimed: Omit<Claim, "construct">): void {
  const { root } = construct.node;
  const claims = claimsOf.get(root) ?? [];
  const mine = { ...claimed, schema: known(claimed.schema), construct: construct.node.path };
  for (const other of claims) {
    const isSame = (["prop", "schema", "database"] as const).every((name) => other[name] === mine[name]);
    if (isSame) requireSameApp(mine, other);
  }
  claimsOf.set(root, [...claims, mine]);
}

function requireSameApp(mine: Claim, other: Claim): void {
  const differences = [
    ...differenceOf("image", mine.repository, other.repository),
    ...differenceOf("migrator's identity", mine.migrator, other.migrator),
  ];
  if (differences.length === 0) return;
  throw new ConfigurationError(
    `${mine.construct}: '${mine.prop}' (${mine.schema}) of the database ${mine.database} is that of ${other.construct} ` +
      `already, with another ${differences.join(" and another ")}: each app would refuse the other's migrations, or lock it ` +
      `out. Give one of them a '${mine.prop}' of its own (docs/several-apps.md), here too where its schemagate.json names one; ` +
      "if both are one app, give them one image and one identity that migrates",
  );
}

/** A text and a reference may come to the same: nobody knows that here. */
function differenceOf(what: string, mine: string | undefined, other: string | undefined): string[] {
  if (mine === undefined || other === undefined || mine === other) return [];
  return mine.includes("<") === other.includes("<") ? [`${what} (${other}, not ${mine})`] : [];
}

/** An image without tag and digest; undefined while its name is known to Terraform alone. */
function repositoryOf(image: string): string | undefined {
  const slash = image.lastIndexOf("/") + 1;
  const name = image.slice(slash);
  if (Token.isUnresolved(name.replace(/[:@].*$/, ""))) return undefined;
  return known(image.slice(0, slash)) + name.replace(/[:@].*$/, "");
}

/** A text whose references are the same text wherever they were made: two of one attribute are different tokens. */
function known(text: string): string {
  return Token.isUnresolved(text) ? text.replace(tokenForm, nameOf) : text;
}

const tokenForm = /\$\{TfToken\[[^\]]*\]\}/g;

function nameOf(token: string): string {
  const [reference] = referencesOf(token);
  return reference?.originStack === undefined ? token : `<${reference.originStack.node.path}:${reference.identifier}>`;
}

/** A reference to a resource: cdktf's own, whose parts its type keeps to itself. */
interface Reference {
  readonly identifier: unknown;
  readonly originStack?: TerraformStack;
}

function referencesOf(token: string): readonly Reference[] {
  return Tokenization.reverseString(token).tokens as unknown as readonly Reference[];
}
