import { Construct } from "constructs";
import { type ChecksOf, hiddenText, optional, requireProps } from "./checks";
import { isUnknown } from "./unknown";

/** A Key Vault secret that holds DATABASE_URL, for databases that know passwords and no Entra tokens. */
export interface IDatabaseUrlSecret {
  /** `https://<vault>.vault.azure.net/secrets/<name>`, with or without a version. */
  readonly keyVaultSecretId: string;
}

export interface DatabaseUrlSecretAttributes {
  /** `https://<vault>.vault.azure.net/`. */
  readonly vaultUri: string;
  readonly secretName: string;
  /**
   * Without it Container Apps looks for a newer version now and then, and restarts what uses the secret.
   * @default - the newest version
   */
  readonly version?: string;
}

const attributesChecks: ChecksOf<DatabaseUrlSecretAttributes> = {
  vaultUri: hiddenText(
    "must be a vault's address. Write for instance 'https://kv-shop.vault.azure.net/'",
    /^https:\/\/[a-z0-9-]+\.vault\.[a-z.]+\/?$/i,
  ),
  secretName: hiddenText(
    "must be a secret's name in a Key Vault: at most 127 letters, digits and hyphens. Give the name, not the value",
    /^[0-9A-Za-z-]{1,127}$/,
  ),
  version: optional(
    hiddenText(
      "must be the version of a secret: letters and digits. Copy it from the secret, or leave it out for the newest",
      /^[0-9A-Za-z]+$/,
    ),
  ),
};

/**
 * A Key Vault secret with `postgres://user:password@host:5432/database` in it. Its value is read by the app's identity at
 * run time; neither stack nor state ever see it.
 *
 * @example
 * const databaseUrl = DatabaseUrlSecret.fromKeyVaultSecretAttributes(this, "database-url", {
 *   vaultUri: "https://kv-shop.vault.azure.net/",
 *   secretName: "database-url",
 * });
 */
export class DatabaseUrlSecret extends Construct implements IDatabaseUrlSecret {
  readonly keyVaultSecretId: string;

  /** Uses a secret that somebody else owns. */
  static fromKeyVaultSecretAttributes(
    scope: Construct,
    id: string,
    attributes: DatabaseUrlSecretAttributes,
  ): IDatabaseUrlSecret {
    return new DatabaseUrlSecret(scope, id, attributes);
  }

  private constructor(scope: Construct, id: string, attributes: DatabaseUrlSecretAttributes) {
    super(scope, id);
    requireProps(attributes, attributesChecks, this.node.path);
    const { vaultUri, secretName, version } = attributes;
    const base = isUnknown(vaultUri) ? vaultUri : vaultUri.replace(/\/?$/, "/");
    this.keyVaultSecretId = `${base}secrets/${secretName}${version === undefined ? "" : `/${version}`}`;
  }
}
