import { ConfigurationError } from "../errors";
import { isUnknown } from "./unknown";

/** A secret of a container app, read from a Key Vault when a replica starts. Its value is in no stack and no state. */
export interface KeyVaultSecretReference {
  /** Name that environment variables and scale rules refer to: lower case letters, digits and hyphens. */
  readonly name: string;
  /** `https://<vault>.vault.azure.net/secrets/<name>`, with or without a version. */
  readonly keyVaultSecretId: string;
  /**
   * Resource id of the identity that reads it.
   * @default - the app's
   */
  readonly identityId?: string;
}

/** Environment variables by name, each with the name of the secret that holds its value. */
export type SecretVariables = Readonly<Record<string, string>>;

/** As the provider takes them. */
export function toSecretBlocks(secrets: readonly KeyVaultSecretReference[], identityId: string) {
  return secrets.map(({ name, keyVaultSecretId, identityId: own }) => ({
    name,
    keyVaultSecretId,
    identity: own ?? identityId,
  }));
}

/** Refuses names that Container Apps refuses, names that stand twice, and what is no secret's address. */
export function requireValidSecrets(secrets: readonly KeyVaultSecretReference[], construct: string): void {
  const seen = new Set<string>();
  for (const { name, keyVaultSecretId } of secrets) {
    if (!isUnknown(name) && !/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(name)) {
      throw new ConfigurationError(
        `${construct}: the secret '${name}' must have a name of lower case letters, digits and hyphens. Rename it`,
      );
    }
    if (seen.has(name)) {
      throw new ConfigurationError(`${construct}: two secrets are named '${name}': one would win. Rename one`);
    }
    seen.add(name);
    if (!isUnknown(keyVaultSecretId) && !/^https:\/\/[^/]+\/secrets\/[^/]+(\/[^/]+)?$/.test(keyVaultSecretId)) {
      throw new ConfigurationError(
        // Whoever mistakes the value for the address must not find it in a log.
        `${construct}: 'keyVaultSecretId' of the secret '${name}' (not shown: it may be the value) must be the address of ` +
          "a secret. Write for instance 'https://kv-shop.vault.azure.net/secrets/smtp-password'",
      );
    }
  }
}

/** Refuses variables that refer to a secret that is not there. */
export function requireKnownSecrets(
  prop: string,
  variables: SecretVariables,
  secrets: readonly KeyVaultSecretReference[],
  construct: string,
): void {
  const known = secrets.map(({ name }) => name);
  for (const [variable, secret] of Object.entries(variables)) {
    if (!known.includes(secret) && ![secret, ...known].some(isUnknown)) {
      throw new ConfigurationError(
        // Whoever mistakes the value for the name must not find it in a log.
        `${construct}: '${prop}' takes ${variable} from a secret (not shown: it may be the value) that is not among ` +
          `'secrets' (${known.join(", ") || "none"}). Add it there or correct the name`,
      );
    }
  }
}
