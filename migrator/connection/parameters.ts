import type { Problem } from "../errors";
import { sayable } from "../redact";
import type { Environment } from "../settings/read-options";
import { suggest } from "../settings/suggest";
import type { UrlParameters } from "./database-url";

/** What libpq knows (PostgreSQL 18, "Parameter Key Words") and schemagate obeys, each with its variable. */
const obeyed = {
  host: "PGHOST",
  port: "PGPORT",
  user: "PGUSER",
  password: "PGPASSWORD",
  dbname: "PGDATABASE",
  options: "PGOPTIONS",
  application_name: "PGAPPNAME",
  fallback_application_name: undefined,
  connect_timeout: "PGCONNECT_TIMEOUT",
  keepalives: undefined,
  keepalives_idle: undefined,
  target_session_attrs: "PGTARGETSESSIONATTRS",
  sslmode: "PGSSLMODE",
  sslrootcert: "PGSSLROOTCERT",
  sslcert: "PGSSLCERT",
  sslkey: "PGSSLKEY",
  sslnegotiation: "PGSSLNEGOTIATION",
  ssl_min_protocol_version: "PGSSLMINPROTOCOLVERSION",
  ssl_max_protocol_version: "PGSSLMAXPROTOCOLVERSION",
} as const;

export type ParameterName = keyof typeof obeyed;

/** The values of libpq's parameters, from the URL or else from their variables; an empty one counts as unset. */
export type Parameters = { readonly [Name in ParameterName]?: string };

/** Reads what is obeyed. */
export function readParameters(url: UrlParameters, env: Environment): Parameters {
  const read = ([name, variable]: [string, string | undefined]) => [
    name,
    url.get(name) || (variable === undefined ? undefined : env[variable]) || undefined,
  ];
  return Object.fromEntries(Object.entries(obeyed).map(read));
}

/** Where a value comes from, for a message that must not show it. */
export function sourceOf(name: ParameterName, url: UrlParameters): string {
  return url.get(name) ? `the ${name} of the database URL` : (obeyed[name] ?? name);
}

/** What libpq would obey, and schemagate does not. */
interface Refused {
  readonly variable?: string;
  /** Values that ask for nothing. */
  readonly harmless?: RegExp;
  /** What to do instead. */
  readonly instead: string;
}

const leaveOut = "Leave it out.";
const verify = "Leave it out; sslmode=verify-full, the default, is what proves the server.";
const byHost = "Name the server by host, port, dbname and user in DATABASE_URL.";
const noGss = "Leave it out: schemagate encrypts with TLS (sslmode), and logs in with a password or a token.";
const bySetting = "Leave it out; PGOPTIONS says it as well: -c";

/** The rest of what libpq knows. What asks for a protection, or names a server, must not be passed over. */
const refused: Readonly<Record<string, Refused>> = {
  hostaddr: { variable: "PGHOSTADDR", instead: "Write the address as host; its certificate must then name it." },
  service: { variable: "PGSERVICE", instead: byHost },
  servicefile: { variable: "PGSERVICEFILE", instead: byHost },
  passfile: { instead: "PGPASSFILE names the file of passwords." },
  channel_binding: { variable: "PGCHANNELBINDING", harmless: /^(prefer|disable)$/, instead: verify },
  require_auth: { variable: "PGREQUIREAUTH", instead: verify },
  requirepeer: {
    variable: "PGREQUIREPEER",
    instead: "Leave it out; who may make the socket, its directory's rights say.",
  },
  requiressl: { variable: "PGREQUIRESSL", harmless: /^0$/, instead: "Write sslmode=require, or better verify-full." },
  sslcrl: { variable: "PGSSLCRL", instead: "Leave it out: lists of revoked certificates are not read." },
  sslcrldir: { variable: "PGSSLCRLDIR", instead: "Leave it out: lists of revoked certificates are not read." },
  sslcertmode: { variable: "PGSSLCERTMODE", harmless: /^allow$/, instead: "Leave it out: sslcert alone says whether." },
  sslpassword: { instead: "Leave it out, and name a key in sslkey that has no pass phrase." },
  sslsni: { variable: "PGSSLSNI", harmless: /^1$/, instead: "Leave it out: the host's name is always told." },
  sslcompression: { variable: "PGSSLCOMPRESSION", harmless: /^0$/, instead: leaveOut },
  sslkeylogfile: { instead: leaveOut },
  gssencmode: { variable: "PGGSSENCMODE", harmless: /^(prefer|disable)$/, instead: noGss },
  gsslib: { variable: "PGGSSLIB", instead: noGss },
  gssdelegation: { variable: "PGGSSDELEGATION", harmless: /^0$/, instead: noGss },
  krbsrvname: { variable: "PGKRBSRVNAME", instead: noGss },
  client_encoding: {
    variable: "PGCLIENTENCODING",
    harmless: /^(utf-?8|unicode|auto)$/i,
    instead: "Leave it out: migrations are read as UTF-8.",
  },
  replication: { harmless: /^(0|off|false|no)$/, instead: leaveOut },
  load_balance_hosts: { variable: "PGLOADBALANCEHOSTS", harmless: /^(disable|random)$/, instead: leaveOut },
  keepalives_interval: { instead: "Leave it out, or write keepalives_idle, the time before the first one." },
  keepalives_count: { instead: "Leave it out, or write keepalives_idle, the time before the first one." },
  tcp_user_timeout: { instead: "Leave it out: an answer that does not come is not waited for." },
  min_protocol_version: { variable: "PGMINPROTOCOLVERSION", harmless: /^3\.0$/, instead: leaveOut },
  max_protocol_version: { variable: "PGMAXPROTOCOLVERSION", harmless: /^(3\.0|latest)$/, instead: leaveOut },
  scram_client_key: { instead: "Leave it out, and give the password in PGPASSWORD." },
  scram_server_key: { instead: leaveOut },
  oauth_issuer: { instead: "Leave it out; --auth entra fetches a token of Microsoft Entra." },
  oauth_client_id: { instead: leaveOut },
  oauth_client_secret: { instead: leaveOut },
  oauth_scope: { instead: leaveOut },
  // node-postgres' own, for those who want sslmode read as libpq reads it.
  uselibpqcompat: { harmless: /^true$/, instead: "Leave it out: sslmode is read as libpq reads it." },
};

/** Settings of the server that libpq takes from variables of their own. */
const settingVariables: readonly (readonly [string, string])[] = [
  ["PGTZ", "timezone"],
  ["PGDATESTYLE", "datestyle"],
  ["PGGEQO", "geqo"],
];

const searchPath =
  "write options=-csearch_path%3DNAME, or make it the role's: ALTER ROLE … IN DATABASE … SET search_path = NAME.";
const encryption = "write sslmode=verify-full, or sslmode=require to encrypt without proof.";
const ledger = "the ledger's schema is --ledger-schema.";
const onePool = "leave it out: a run has one connection.";

/** What other tools call it, in lower case. */
const ofOthers = (): readonly (readonly [RegExp, string, string])[] => [
  [/^schema$/, "Prisma", searchPath],
  [/^search_?path$/, "pgx, sqlx and golang-migrate", searchPath],
  [/^currentschema$/, "JDBC", searchPath],
  [/^(connection_limit|pool_timeout|pgbouncer|statement_cache_size)$/, "Prisma", onePool],
  [/^ssl(accept|identity)$/, "Prisma", encryption],
  [/^ssl$/, "JDBC and node-postgres", encryption],
  [/^ssl(factory|hostnameverifier|resptimeout)/, "JDBC", encryption],
  [/^tls(mode)?$/, "other tools", encryption],
  [/^x-migrations-table/, "golang-migrate", ledger],
  [/^x-statement-timeout$/, "golang-migrate", "write --statement-timeout."],
  [/^x-/, "golang-migrate", "leave it out."],
  [/^logintimeout$/, "JDBC", "write connect_timeout."],
  [/^(socket_?timeout)$/, "JDBC and Prisma", "write --statement-timeout."],
  [/^tcpkeepalive$/, "JDBC", "write keepalives=1, which is the default."],
  [/^applicationname$/, "JDBC", "write application_name."],
  [/^targetservertype$/, "JDBC", "write target_session_attrs."],
  [
    /^(pool(_|$|size)|max_?pool|min_?pool|max_?conn|min_?conn|default_query_exec_mode|statement_cache_)/,
    "pools",
    onePool,
  ],
];

const general = "Parameters are those of libpq; a setting of the server is written options=-cNAME%3DVALUE.";

/** What URL and variables ask for and would not get: all of it, by name, and never with a value (INV-10). */
export function refuseParameters(url: UrlParameters, env: Environment): Problem[] {
  const ofUrl = [...url].flatMap(([name, value], index) => judge(name, value, index));
  const ofVariables = Object.entries(refused).flatMap(([name, { variable, harmless, instead }]) => {
    const value = variable && env[variable];
    return !value || harmless?.test(value) || url.has(name) ? [] : [refusal(variable, instead)];
  });
  const ofSettings = settingVariables
    .filter(([variable]) => env[variable])
    .map(([variable, setting]) => refusal(variable, `${bySetting} ${setting}=VALUE.`));
  return [...ofUrl, ...ofVariables, ...ofSettings];
}

function judge(name: string, value: string, index: number): Problem[] {
  if (Object.hasOwn(obeyed, name)) {
    return [];
  }
  const known = Object.hasOwn(refused, name) ? refused[name] : undefined;
  if (!known) {
    return [unknown(name, index)];
  }
  return value === "" || known.harmless?.test(value) ? [] : [refusal(`${name} in the database URL`, known.instead)];
}

function refusal(what: string, instead: string): Problem {
  return {
    code: "unsupported-parameter",
    message: `${what} asks for something that schemagate does not do, and must not pass over`,
    hint: instead,
  };
}

function unknown(name: string, index: number): Problem {
  const [, tools, instead] = ofOthers().find(([pattern]) => pattern.test(name.toLowerCase())) ?? [];
  const shown = sayable(name) ?? (tools ? `of ${tools}` : `(number ${index + 1} of what it says)`);
  return {
    code: "unknown-parameter",
    message: `the database URL has a parameter ${shown}, which is none of libpq's`,
    hint: tools
      ? `So called by ${tools}: ${instead} ${general}`
      : `${suggest(name, [...Object.keys(obeyed), ...Object.keys(refused)])}${general}`,
  };
}
