import { createHash, createHmac, pbkdf2Sync, randomBytes } from "node:crypto";
import { Client, escapeLiteral } from "pg";
import { quoteIdentifier } from "../connection/quote";
import type { Principal } from "./spec";
import type { BootstrapStep } from "./steps";

/** PostgreSQL's own numbers (scram-common.h): SCRAM_SHA_256_DEFAULT_ITERATIONS, SCRAM_DEFAULT_SALT_LEN, the key's length. */
const iterations = 4_096;
const saltBytes = 16;
const keyBytes = 32;

/** The admin's connection has just opened: a second one that takes longer finds no free place. */
const connectMs = 10_000;

/**
 * Hashes a password as PostgreSQL stores it (RFC 5802, SCRAM-SHA-256), so that neither the connection nor the server's
 * log, whatever its log_statement, ever sees the password itself.
 */
export function scramVerifier(password: string, salt: Buffer = randomBytes(saltBytes)): string {
  const salted = pbkdf2Sync(password, salt, iterations, keyBytes, "sha256");
  const key = (name: string) => createHmac("sha256", salted).update(name).digest();
  const stored = createHash("sha256").update(key("Client Key")).digest("base64");
  return `SCRAM-SHA-256$${iterations}:${salt.toString("base64")}$${stored}:${key("Server Key").toString("base64")}`;
}

/** Sets a password that the role does not have yet. */
export async function passwordStep(admin: Client, { role, password }: Principal): Promise<BootstrapStep[]> {
  if (password === undefined || (await canLogIn(admin, role, password))) {
    return [];
  }
  return [
    {
      about: `password of ${quoteIdentifier(role)}`,
      done: "false",
      sql: `ALTER ROLE ${quoteIdentifier(role)} PASSWORD ${escapeLiteral(scramVerifier(password))};`,
    },
  ];
}

/** The server shows nobody but a superuser what passwords are: to know whether one is right is to log in with it. */
async function canLogIn(admin: Client, role: string, password: string): Promise<boolean> {
  const { host, port, database, ssl } = admin;
  const { sslNegotiation: sslnegotiation } = admin as unknown as { sslNegotiation: "postgres" | "direct" };
  const target = { host, port, database, ssl, sslnegotiation };
  const client = new Client({ ...target, user: role, password, connectionTimeoutMillis: connectMs });
  client.on("error", () => undefined);
  try {
    await client.connect();
    return true;
  } catch (error) {
    // "permission denied for database": the password was right, and what is missing comes next.
    return (error as { code?: string }).code === "42501";
  } finally {
    await client.end().catch(() => undefined);
  }
}
