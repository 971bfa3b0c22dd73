import { isIP } from "node:net";
import type { Problem } from "../errors";
import { severalHosts, type UrlParameters } from "./database-url";
import { type ParameterName, type Parameters, sourceOf } from "./parameters";
import { sessionAttrs } from "./session-attrs";
import { tlsVersions } from "./tls";

/** What a value must be, for those that others do not look at. */
interface Rule {
  readonly code: string;
  readonly must: string;
  readonly accepts: (value: string) => boolean;
}

const wholeNumber: Omit<Rule, "code"> = {
  must: "be a whole number of seconds, up to a day",
  accepts: (value) => /^\d{1,5}$/.test(value) && Number(value) <= 86_400,
};

function oneOf(words: readonly string[]): Omit<Rule, "code"> {
  return { must: `be one of ${words.join(", ")}`, accepts: (value) => words.includes(value) };
}

const rules: { readonly [Name in ParameterName]?: Rule } = {
  host: { code: "bad-host", must: "be a host's name, an address or the directory of a socket", accepts: isHost },
  port: {
    code: "bad-port",
    must: "be a number from 1 to 65535",
    accepts: (value) => /^\d+$/.test(value) && Number(value) >= 1 && Number(value) <= 65_535,
  },
  user: { code: "bad-user", must: "be a name, not an address", accepts: (value) => !isAddress(value) },
  dbname: {
    code: "bad-database",
    must: "be a name, not an address",
    accepts: (value) => !isAddress(value) && !(value.includes("@") && /:.*@/s.test(value)),
  },
  options: {
    code: "bad-options",
    must: "have spaces between its options, written %20 in a URL, not +",
    accepts: (value) => !/\+-|-c\+/.test(value),
  },
  connect_timeout: { code: "bad-connect-timeout", ...wholeNumber },
  keepalives: { code: "bad-keepalives", ...oneOf(["0", "1"]) },
  keepalives_idle: { code: "bad-keepalives", ...wholeNumber },
  target_session_attrs: { code: "bad-target-session-attrs", ...oneOf(sessionAttrs) },
  ssl_min_protocol_version: { code: "bad-tls-version", ...oneOf(tlsVersions) },
  ssl_max_protocol_version: { code: "bad-tls-version", ...oneOf(tlsVersions) },
};

/** Looks at values, and tells what is wrong in terms of their form: never with the value, which may be a secret's. */
export function judgeValues(given: Parameters, url: UrlParameters): Problem[] {
  return Object.entries(given).flatMap(([key, value]): Problem[] => {
    const name = key as ParameterName;
    const rule = rules[name];
    if (!rule || value === undefined || rule.accepts(value)) {
      return [];
    }
    const source = sourceOf(name, url);
    return (name === "host" || name === "port") && value.includes(",")
      ? [severalHosts(source)]
      : [{ code: rule.code, message: `${source} must ${rule.must}, and is not`, hint: "Mend it, or leave it out." }];
  });
}

/** A URL or the key=value form, where only a name of it is meant. */
function isAddress(value: string): boolean {
  return value.includes("://") || (value.includes("=") && /password\s*=/i.test(value));
}

function isHost(value: string): boolean {
  return /^(\/[^,;=&?#@]*|\w[\w.-]*)$/.test(value) || isIP(value) !== 0 || new RegExp(anyName, "u").test(value);
}

/** In whatever alphabet. A text: to read it as a literal takes a start some time. */
const anyName = "^[\\p{L}\\p{N}_][\\p{L}\\p{M}\\p{N}._-]*$";
