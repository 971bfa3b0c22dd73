/**
 * What pg computes to log in, with node:crypto in place of the Web Crypto that pg uses (`pg/lib/crypto/utils`). Loading
 * that takes Node as long as all the rest of a start with nothing to do. The build puts this in its place.
 */
type Bytes = Uint8Array | string;

/** Loaded when a server asks for a password. */
const crypto = () => require("node:crypto") as typeof import("node:crypto");

export function randomBytes(length: number): Buffer {
  return crypto().randomBytes(length);
}

export function md5(data: Bytes): string {
  return crypto().createHash("md5").update(data).digest("hex");
}

/** AuthenticationMD5Password of PostgreSQL's protocol. */
export function postgresMd5PasswordHash(user: string, password: string, salt: Uint8Array): string {
  return `md5${md5(Buffer.concat([Buffer.from(md5(password + user)), salt]))}`;
}

export function sha256(data: Bytes): Buffer {
  return hashByName("sha256", data);
}

/** @param name of the hash, as Web Crypto writes it: `SHA-256`. */
export function hashByName(name: string, data: Bytes): Buffer {
  return crypto().createHash(name.replace("-", "")).update(data).digest();
}

export function hmacSha256(key: Uint8Array, message: string): Buffer {
  return crypto().createHmac("sha256", key).update(message).digest();
}

/** PBKDF2 with HMAC-SHA-256, 32 bytes. */
export function deriveKey(password: string, salt: Uint8Array, iterations: number): Buffer {
  return crypto().pbkdf2Sync(password, salt, iterations, 32, "sha256");
}
