import { PostgresqlFlexibleServerConfiguration } from "@cdktf/provider-azurerm/lib/postgresql-flexible-server-configuration";
import { Fn, type ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { ConfigurationError } from "../errors";
import { isUnknown } from "./unknown";

/** Parameters that cannot be what somebody may want them to be, and why. */
const refused: Readonly<Record<string, string>> = {
  "azure.extensions": "has a prop of its own. Use 'extensions'",
  client_connection_check_interval:
    "is read-only in this service. Leave it out: the migrator sets it for its own session",
  port: "is read-only in this service: it listens on 5432, its PgBouncer on 6432. Leave it out",
  listen_addresses: "is read-only in this service. Leave it out",
  ssl: "is read-only in this service: it is always on. Leave it out",
};

/** Parameters with values that would open the server, and what they may be. */
const restricted: Readonly<Record<string, { readonly allowed: RegExp; readonly why: string }>> = {
  require_secure_transport: { allowed: /^on$/i, why: "would take connections without TLS. Leave it out" },
  ssl_min_protocol_version: { allowed: /^TLSv1\.[23]$/, why: "is older than TLS 1.2. Use TLSv1.2 or TLSv1.3" },
};

export interface ServerParametersProps {
  readonly serverId: string;
  readonly extensions: readonly string[];
  readonly configuration: Readonly<Record<string, string>>;
  /**
   * What must be over before.
   * @default - nothing
   */
  readonly after?: ITerraformDependable;
}

/**
 * The parameters of a server, one resource each, named after the parameter; one after the other, because a busy server
 * refuses the next change.
 */
export class ServerParameters extends Construct {
  readonly resources: readonly PostgresqlFlexibleServerConfiguration[];

  constructor(scope: Construct, id: string, props: ServerParametersProps) {
    super(scope, id);
    requireSettable(props.configuration, scope.node.path);
    requireExtensionNames(props.extensions, scope.node.path);
    const values = Object.entries(props.configuration);
    if (props.extensions.length > 0) values.push(["azure.extensions", listExtensions(props.extensions)]);
    const created: PostgresqlFlexibleServerConfiguration[] = [];
    for (const [name, value] of values) {
      const after = created.at(-1) ?? props.after;
      const { serverId } = props;
      const dependsOn = after && [after];
      created.push(new PostgresqlFlexibleServerConfiguration(this, name, { name, serverId, value, dependsOn }));
    }
    this.resources = created;
  }
}

/** Upper case, as the service has them; sorted, so that another order in the settings is no change. */
function listExtensions(extensions: readonly string[]): string {
  // A list that is known only at deploy time cannot be taken apart.
  if (isUnknown(extensions)) return Fn.upper(Fn.join(",", [...extensions]));
  const names = extensions.map((name) => (isUnknown(name) ? Fn.upper(name) : name.toUpperCase()));
  return names.sort().join(",");
}

function requireSettable(configuration: Readonly<Record<string, string>>, construct: string): void {
  for (const [name, value] of Object.entries(configuration)) {
    const problem = problemOf(name, value);
    if (problem !== undefined) {
      throw new ConfigurationError(`${construct}: 'configuration' sets ${name} (${value}): it ${problem}`);
    }
  }
}

function problemOf(name: string, value: string): string | undefined {
  if (!/^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?$/.test(name)) {
    return "is no parameter's name. Use lower case letters, digits and underscores";
  }
  const rule = restricted[name];
  return rule === undefined || isUnknown(value) || rule.allowed.test(value) ? refused[name] : rule.why;
}

function requireExtensionNames(extensions: readonly string[], construct: string): void {
  const wrong = extensions.filter((name) => !isUnknown(name) && !/^[A-Za-z][\w-]*$/.test(name));
  if (wrong.length > 0) {
    throw new ConfigurationError(
      `${construct}: 'extensions' (${wrong.join(", ")}) must be names of extensions: they become one list with commas ` +
        "between them. Write for instance ['pg_trgm', 'uuid-ossp']",
    );
  }
  const names = extensions.map((name) => (isUnknown(name) ? name : name.toLowerCase()));
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    throw new ConfigurationError(`${construct}: 'extensions' names ${twice} twice. Remove one`);
  }
}
