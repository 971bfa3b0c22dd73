import { readFileSync } from "node:fs";
import { isIP } from "node:net";
import type { SecureVersion } from "node:tls";
import type { ClientConfig } from "pg";
import type { Problem } from "../errors";
import { sayable } from "../redact";
import { suggest } from "../settings/suggest";

/** TLS as libpq's parameters say it; an empty one counts as unset. */
export interface TlsParameters {
  readonly sslmode?: string;
  /** File of certificate authorities, or `system`. */
  readonly sslrootcert?: string;
  /** Files of the client's certificate and its key. */
  readonly sslcert?: string;
  readonly sslkey?: string;
  readonly sslnegotiation?: string;
  /** Versions of the protocol, as Node calls them too. */
  readonly ssl_min_protocol_version?: string;
  readonly ssl_max_protocol_version?: string;
}

/** Oldest first. */
export const tlsVersions = ["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"] as const;

/** TLS as pg takes it. */
export interface TlsConfig {
  /** With `prefer` and `allow` the stricter of the two ways, for those who make one attempt only: TLS or nothing. */
  readonly ssl: ClientConfig["ssl"];
  readonly sslnegotiation: "postgres" | "direct";
  /** Ways to connect, one after another. @default `ssl` alone */
  readonly sslAttempts?: readonly ClientConfig["ssl"][];
}

/** As libpq names and orders them, weakest first. */
const sslModes = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"] as const;
type SslMode = (typeof sslModes)[number];

/**
 * Turns libpq's TLS parameters into pg's. Without an sslmode, certificate and host name are verified (`verify-full`)
 * unless the server is on this machine.
 *
 * @param problems what is wrong is added here.
 */
export function tlsConfig(given: TlsParameters, host: string, problems: Problem[]): TlsConfig {
  const mode = readMode(given.sslmode || (isLocal(host) ? "disable" : "verify-full"), problems);
  const direct = given.sslnegotiation === "direct";
  problems.push(...contradictions(given, mode));
  // Nothing leaves the machine through a Unix socket; libpq ignores sslmode there, too.
  if (host.startsWith("/")) {
    return { ssl: false, sslnegotiation: "postgres" };
  }
  return { ...attempts(mode, given, problems), sslnegotiation: direct ? "direct" : "postgres" };
}

function readMode(mode: string, problems: Problem[]): SslMode {
  const known = sslModes.find((name) => name === mode);
  if (!known) {
    problems.push({
      code: "bad-sslmode",
      message: `sslmode ${sayable(mode) ?? "has a value that"} is unknown`,
      hint:
        `${mode === "no-verify" ? "node-postgres' no-verify is require here. " : suggest(mode, sslModes)}` +
        `Choose one of ${sslModes.join(", ")}; verify-full is the one that proves whom you talk to.`,
    });
  }
  return known ?? "verify-full";
}

/** Combinations that libpq refuses as well, because they promise more than they hold. */
function contradictions(given: TlsParameters, mode: SslMode): Problem[] {
  const { sslrootcert, sslnegotiation } = given;
  const problems = contradictoryVersions(given);
  const strength = sslModes.indexOf(mode);
  if (sslrootcert === "system" && mode !== "verify-full" && mode !== "disable") {
    problems.push({
      code: "weak-sslmode",
      message: `sslmode "${mode}" is too weak for sslrootcert "system": anybody can get a certificate of a public authority`,
      hint: "Use sslmode=verify-full, or name the file of your own authority.",
    });
  }
  if (sslnegotiation && sslnegotiation !== "postgres" && sslnegotiation !== "direct") {
    problems.push({
      code: "bad-sslnegotiation",
      message: `sslnegotiation ${sayable(sslnegotiation) ?? "has a value that"} is unknown`,
      hint: "Choose postgres or direct.",
    });
  }
  if (sslnegotiation === "direct" && strength < sslModes.indexOf("require")) {
    problems.push({
      code: "weak-sslmode",
      message: `sslmode "${mode}" is too weak for sslnegotiation "direct", which has no way back to a plain connection`,
      hint: "Use sslmode=require or a stronger one.",
    });
  }
  return problems;
}

function contradictoryVersions({
  ssl_min_protocol_version: min,
  ssl_max_protocol_version: max,
}: TlsParameters): Problem[] {
  const place = (version: string | undefined) => (tlsVersions as readonly unknown[]).indexOf(version);
  // What is none of them is told elsewhere.
  return place(max) === -1 || place(min) <= place(max)
    ? []
    : [
        {
          code: "bad-tls-version",
          message: `ssl_min_protocol_version (${min}) is newer than ssl_max_protocol_version (${max})`,
          hint: "Leave ssl_max_protocol_version out.",
        },
      ];
}

function attempts(mode: SslMode, given: TlsParameters, problems: Problem[]): Omit<TlsConfig, "sslnegotiation"> {
  if (mode === "disable") {
    return { ssl: false };
  }
  const client = { ...clientCertificate(given, problems), ...versions(given) };
  // Said aloud, or NODE_TLS_REJECT_UNAUTHORIZED=0 would undo it.
  const verified = { ...client, ...authorities(given, problems), rejectUnauthorized: true };
  const unverified = { ...client, rejectUnauthorized: false };
  switch (mode) {
    case "allow":
      return { ssl: unverified, sslAttempts: [false, unverified] };
    case "prefer":
      return { ssl: unverified, sslAttempts: [unverified, false] };
    case "require":
      // With authorities of one's own libpq verifies them here as well.
      return { ssl: given.sslrootcert ? withoutHostName(verified) : unverified };
    case "verify-ca":
      return { ssl: withoutHostName(verified) };
    case "verify-full":
      return { ssl: verified };
  }
}

function versions({ ssl_min_protocol_version: min, ssl_max_protocol_version: max }: TlsParameters) {
  return { ...(min && { minVersion: min as SecureVersion }), ...(max && { maxVersion: max as SecureVersion }) };
}

function withoutHostName<T extends object>(options: T) {
  return { ...options, checkServerIdentity: () => undefined };
}

function authorities({ sslrootcert }: TlsParameters, problems: Problem[]): { ca?: string } {
  // Node's own store holds the roots Azure's servers are signed by; "system" is libpq's word for such a store.
  return !sslrootcert || sslrootcert === "system" ? {} : { ca: readPem("sslrootcert", sslrootcert, problems) };
}

function clientCertificate({ sslcert, sslkey }: TlsParameters, problems: Problem[]): { cert?: string; key?: string } {
  if (Boolean(sslcert) !== Boolean(sslkey)) {
    problems.push({
      code: "bad-client-certificate",
      message: `${sslcert ? "sslcert" : "sslkey"} is set without ${sslcert ? "sslkey" : "sslcert"}`,
      hint: "A client certificate needs both files.",
    });
  }
  return sslcert && sslkey
    ? { cert: readPem("sslcert", sslcert, problems), key: readPem("sslkey", sslkey, problems) }
    : {};
}

function readPem(parameter: string, file: string, problems: Problem[]): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    // What looks like no file may be anything, a password too.
    const isShown = /^(\.{0,2}\/|~|[a-z]:\\)|\.(pem|crt|cer|key)$/i.test(file);
    const { code = "", message } = cause as NodeJS.ErrnoException;
    problems.push({
      code: "bad-certificate-file",
      message: isShown ? `${parameter} (${file}) cannot be read: ${message}` : `${parameter} cannot be read: ${code}`,
      hint: `Mend ${parameter} or PG${parameter.toUpperCase()}, or leave it out.`,
    });
    return undefined;
  }
}

/** A loopback address or a Unix socket: nothing leaves this machine. */
export function isLocal(host: string): boolean {
  return (
    host === "localhost" || host === "::1" || (isIP(host) === 4 && host.startsWith("127.")) || host.startsWith("/")
  );
}
