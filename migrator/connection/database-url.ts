import type { Problem } from "../errors";
import { sayable } from "../redact";

/** What a database URL says, by libpq's names for it, decoded; nothing judged yet. */
export type UrlParameters = ReadonlyMap<string, string>;

const nothing: UrlParameters = new Map();

/** What most URLs are: of letters, so that nothing can be mistaken for anything else. Every start reads one, twice. */
const plain =
  /^postgres(?:ql)?:\/\/(?<user>[\w.-]+)(?::(?<password>[\w.~-]+))?@(?<host>[\w.-]+)(?::(?<port>\d{4,5}))?\/(?<dbname>[\w-]+)(?:\?sslmode=(?<sslmode>[a-z-]+))?$/;

/**
 * Takes a database URL apart, more strictly than pg's own parser and WHATWG's URL: where a special character of a password
 * is not encoded, its pieces must not be taken for host, port or database, for those are printed (INV-10).
 *
 * @param problems what is wrong is added here; never with a part of the text, which may be the password's.
 */
export function readUrl(text: string, problems: Problem[]): UrlParameters {
  const { groups } = plain.exec(text) ?? {};
  if (groups) {
    return new Map(Object.entries(groups).filter(([, value]) => value !== undefined));
  }
  // A secret that was read from a file often ends with a line break.
  const [, rest] = /^postgres(?:ql)?:\/\/(.*)$/s.exec(text.trim()) ?? [];
  const faults = rest === undefined ? [otherForm(text.trim())] : faultsOfText(rest);
  const parts = faults.length > 0 ? undefined : (anatomy.exec(rest ?? "")?.groups as Parts | undefined);
  if (!parts) {
    problems.push(...(faults.length > 0 ? faults : ["its host cannot be told from the rest"]).map(badUrl));
    return nothing;
  }
  const found = [...problemsOfParts(parts), ...problemsOfQuery(piecesOf(parts))];
  const given = found.length > 0 ? [] : decode(listGiven(parts), found);
  found.push(...problemsOfDecoded(given));
  problems.push(...found);
  return found.length > 0 ? nothing : new Map(given);
}

function badUrl(fault: string): Problem {
  return {
    code: "bad-url",
    message: `the database URL cannot be read: ${fault}`,
    hint: "Write postgres://user@host:5432/database, special characters percent-encoded, and the password in PGPASSWORD.",
  };
}

/** Schemes of other tools and servers, which may be named: they are no part of a password. */
const otherSchemes =
  /^(jdbc:[a-z]+|(?:postgres|postgresql)[+.-][a-z0-9]+|mysql2?|mariadb|sqlite3?|mssql|sqlserver|oracle|mongodb|redis|cockroachdb|pgx5?|pg|psql|prisma|https?|file):/i;
const keyAndValue =
  /(^|[\s;])(host|hostaddr|port|user|password|dbname|service|server|database|user id|username|pwd)\s*=/i;

/** What stands there instead of a URL. */
function otherForm(text: string): string {
  const [, scheme] = otherSchemes.exec(text) ?? [];
  if (scheme) {
    return `its scheme is ${scheme.toLowerCase()}, and must be postgres`;
  }
  if (/^["'`]/.test(text)) {
    return "it begins with a quotation mark, which is no part of it";
  }
  if (keyAndValue.test(text)) {
    return "it is of the key=value form, and must be a URL";
  }
  return text === "" ? "it is empty" : "it does not begin with postgres://";
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const control = /[\u0000-\u001f\u007f]/;

/** What is wrong with all that stands behind the scheme, before it is taken apart. */
function faultsOfText(rest: string): string[] {
  const [authority = ""] = rest.split(/[/?]/, 1);
  return listTrue([
    [/\s/.test(rest) || control.test(rest), "it has white space in it: a space is written %20"],
    [rest.includes("#"), "it has a # in it: written %23"],
    [/%(?![0-9a-f]{2})/i.test(rest), "it has a % without two hexadecimal digits behind it: written %25"],
    [authority.split("@").length > 2, "it has more than one @ before the host: in a user or password written %40"],
    [
      rest.includes("@", authority.length),
      "it has an @ behind the first / or ?: in a user, a password or a parameter / is written %2F, ? %3F and @ %40",
    ],
  ]);
}

function listTrue(faults: readonly (readonly [boolean | undefined, string])[]): string[] {
  return faults.filter(([isThere]) => isThere).map(([, fault]) => fault);
}

const anatomy =
  /^(?:(?<user>[^:@/?]*)(?<password>:[^@/?]*)?(?<at>@))?(?<host>\[[^\]/?]*\]|[^:/?[\]]*)(?<port>:[^@/?]*)?(?:\/(?<database>[^?]*))?(?:\?(?<query>.*))?$/s;

/** As they stand in the URL; password and port with the colon before them. */
interface Parts {
  readonly user?: string;
  readonly password?: string;
  readonly at?: string;
  readonly host: string;
  readonly port?: string;
  readonly database?: string;
  readonly query?: string;
}

/** In names that are printed: what begins another parameter in another tool's form of address, `;password=` say. */
const unencoded = /[=&;,"'<>{}|\\^`()[\]]/;

/** PostgreSQL listens above the ports that only root may take. */
const lowestPort = 1_024;

function problemsOfParts({ user = "", at, host, port, database = "" }: Parts): Problem[] {
  if (/,|%2c/i.test(host + (port ?? ""))) {
    return [severalHosts("the database URL")];
  }
  const digits = port === undefined || /^:\d+$/.test(port);
  const faults = listTrue([
    [unencoded.test(user), "its user has a character that must be percent-encoded"],
    [unencoded.test(database), "its database's name has a character that must be percent-encoded"],
    [!at && /%40|%3a/i.test(host), "its @ or : is percent-encoded: only those inside of a user or a password are"],
    [/%3a/i.test(user), "the colon in its user is percent-encoded: the one before the password is not"],
    [!digits, "its port is no number"],
    // Of a URL that was cut off inside of a password, too.
    [!at && digits && Number(port?.slice(1)) < lowestPort, "it has no @, and a port that no PostgreSQL has"],
    [database.includes("/"), "it has more than one / behind the host: in a password or a database's name written %2F"],
  ]);
  return faults.map(badUrl);
}

/** @param what names them. */
export function severalHosts(what: string): Problem {
  return {
    code: "several-hosts",
    message: `${what} names several hosts, and a run changes one database`,
    hint: "Name one: the primary, or the name that your service keeps pointed at it.",
  };
}

type Given = readonly [name: string, value: string];

function piecesOf({ query = "" }: Parts): string[] {
  return query.split("&").filter((piece) => piece !== "");
}

function problemsOfQuery(pieces: readonly string[]): Problem[] {
  const isBare = pieces.some((piece) => !/^[^=]+=/.test(piece));
  const isRaw = pieces.some((piece) => unencoded.test(/^(?:user|dbname)=(.*)$/s.exec(piece)?.[1] ?? ""));
  const faults = listTrue([
    [isBare, "a parameter of it has no name or no value: & is written %26, and = %3D"],
    [isRaw, "a name in its parameters has a character that must be percent-encoded"],
  ]);
  return faults.map(badUrl);
}

function listGiven(parts: Parts): Given[] {
  const ofQuery = piecesOf(parts).map((piece): Given => {
    const end = piece.indexOf("=");
    return [piece.slice(0, end), piece.slice(end + 1)];
  });
  // As on Cloud SQL: the host before the directory of a socket stands for "here".
  const isPlaceholder =
    parts.host === "localhost" && ofQuery.some(([name, value]) => name === "host" && /^(\/|%2f)/i.test(value));
  const ofAuthority: Given[] = [
    ["user", parts.user ?? ""],
    ["password", parts.password?.slice(1) ?? ""],
    ["host", isPlaceholder ? "" : parts.host.replace(/^\[(.*)\]$/, "$1")],
    ["port", parts.port?.slice(1) ?? ""],
    ["dbname", parts.database ?? ""],
  ];
  return [...ofAuthority.filter(([, value]) => value !== ""), ...ofQuery];
}

/** As libpq does it: a + stays one. */
function decode(given: readonly Given[], problems: Problem[]): Given[] {
  try {
    return given.map(([name, value]): Given => [decodeURIComponent(name), decodeURIComponent(value)]);
  } catch {
    problems.push(badUrl("what is percent-encoded in it is no UTF-8"));
    return [];
  }
}

function problemsOfDecoded(given: readonly Given[]): Problem[] {
  const names = given.map(([name]) => name);
  const twice = new Set(names.filter((name, index) => names.indexOf(name) !== index));
  const hasControl = given.some(([name, value]) => control.test(name === "password" ? "" : name + value));
  return [
    ...(hasControl ? [badUrl("it has a control character in it")] : []),
    ...[...twice].map((name) => ({
      code: "duplicate-parameter",
      message: `the database URL gives ${sayable(name) ?? "a parameter"} more than once`,
      hint: "Leave one of them: tools differ in which one counts.",
    })),
  ];
}
