import {
  type KeyVaultSecretReference,
  requireKnownSecrets,
  requireValidSecrets,
  toSecretBlocks,
} from "../../../infra/constructs/secrets";
import { messageOf, unknownText } from "../support/app-props";

const smtp: KeyVaultSecretReference = {
  name: "smtp-password",
  keyVaultSecretId: "https://kv-shop.vault.azure.net/secrets/smtp-password",
};

const checking = (...secrets: readonly KeyVaultSecretReference[]) => {
  return () => requireValidSecrets(secrets, "stack/app");
};

it("is read by the app's identity unless it names another", () => {
  expect(toSecretBlocks([smtp, { ...smtp, name: "other", identityId: "other-id" }], "identity-id")).toEqual([
    { name: "smtp-password", keyVaultSecretId: smtp.keyVaultSecretId, identity: "identity-id" },
    { name: "other", keyVaultSecretId: smtp.keyVaultSecretId, identity: "other-id" },
  ]);
});

it.each([
  "https://kv-shop.vault.azure.net/secrets/smtp-password",
  "https://kv-shop.vault.azure.net/secrets/smtp-password/0123456789abcdef0123456789abcdef",
  `${unknownText}secrets/smtp-password`,
  unknownText,
])("takes the address %s", (keyVaultSecretId) => {
  expect(checking({ ...smtp, keyVaultSecretId })).not.toThrow();
});

it.each(["SMTP", "smtp_password", "-smtp", "smtp-", ""])("fails when a secret is named '%s'", (name) => {
  expect(checking({ ...smtp, name })).toThrow(
    `stack/app: the secret '${name}' must have a name of lower case letters, digits and hyphens. Rename it`,
  );
});

it("fails when two secrets have one name", () => {
  expect(checking(smtp, smtp)).toThrow("stack/app: two secrets are named 'smtp-password': one would win. Rename one");
});

it.each(["hunter2", "postgres://shop:hunter2@psql.example/shop", "http://kv.vault.azure.net/secrets/hunter2"])(
  "fails when the address is %s, and does not repeat it",
  (keyVaultSecretId) => {
    expect(messageOf(checking({ ...smtp, keyVaultSecretId }))).toBe(
      "stack/app: 'keyVaultSecretId' of the secret 'smtp-password' (not shown: it may be the value) must be the address of a " +
        "secret. Write for instance 'https://kv-shop.vault.azure.net/secrets/smtp-password'",
    );
  },
);

describe("a variable that comes from a secret", () => {
  const requiring = (secret: string, ...secrets: readonly KeyVaultSecretReference[]) => {
    return () => requireKnownSecrets("secretEnvironmentVariables", { SMTP_PASSWORD: secret }, secrets, "stack/app");
  };

  it("may name any secret that is there", () => {
    expect(requiring("smtp-password", smtp)).not.toThrow();
  });

  it("fails when its secret is not there", () => {
    expect(requiring("smtp", smtp, { ...smtp, name: "token" })).toThrow(
      "stack/app: 'secretEnvironmentVariables' takes SMTP_PASSWORD from a secret (not shown: it may be the value) that is not among 'secrets' " +
        "(smtp-password, token). Add it there or correct the name",
    );
    expect(requiring("smtp")).toThrow("that is not among 'secrets' (none). Add it there or correct the name");
  });
});
