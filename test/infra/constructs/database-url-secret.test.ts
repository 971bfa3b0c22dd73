import { DatabaseUrlSecret, type DatabaseUrlSecretAttributes } from "../../../infra/constructs/database-url-secret";
import { unknownText } from "../support/app-props";
import { constructing, synthesizeStack } from "../support/synthesized";

const attributes: DatabaseUrlSecretAttributes = {
  vaultUri: "https://kv-shop.vault.azure.net/",
  secretName: "database-url",
};

function addressOf(changes: Partial<DatabaseUrlSecretAttributes>): string {
  let address = "";
  constructing((scope) => {
    const all = { ...attributes, ...changes };
    address = DatabaseUrlSecret.fromKeyVaultSecretAttributes(scope, "url", all).keyVaultSecretId;
  })();
  return address;
}

const importing = (changes: Partial<DatabaseUrlSecretAttributes>) => () => void addressOf(changes);

it("is the newest version's address unless a version is given", () => {
  expect(addressOf({})).toBe("https://kv-shop.vault.azure.net/secrets/database-url");
  expect(addressOf({ version: "0a1b" })).toBe("https://kv-shop.vault.azure.net/secrets/database-url/0a1b");
});

it("takes the vault's address with and without the last slash, in every cloud", () => {
  expect(addressOf({ vaultUri: "https://kv-shop.vault.azure.net" })).toBe(addressOf({}));
  expect(addressOf({ vaultUri: "https://kv-shop.vault.azure.cn/" })).toMatch(
    /^https:\/\/kv-shop\.vault\.azure\.cn\/sec/,
  );
});

it("takes a vault and a name that are known only at deploy time", () => {
  expect(addressOf({ vaultUri: unknownText })).toBe(`${unknownText}secrets/database-url`);
  expect(addressOf({ secretName: unknownText })).toBe(`https://kv-shop.vault.azure.net/secrets/${unknownText}`);
});

it("makes nothing of its own", () => {
  const stack = synthesizeStack((scope) => DatabaseUrlSecret.fromKeyVaultSecretAttributes(scope, "url", attributes));
  expect(stack).not.toHaveProperty("resource");
  expect(stack).not.toHaveProperty("data");
});

it.each([
  "kv-shop",
  "postgres://shop:hunter2@psql.example/shop",
  "http://kv-shop.vault.azure.net/",
  "https://kv-shop.vault.azure.net/secrets/database-url",
])("fails when the vault's address is %s", (vaultUri) => {
  expect(importing({ vaultUri })).toThrow(
    "test/url: 'vaultUri' (not shown: it may be the value) must be a vault's address. Write for instance " +
      "'https://kv-shop.vault.azure.net/'",
  );
});

it.each(["database_url", "postgres://shop:hunter2@psql.example/shop", "", "a".repeat(128)])(
  "fails when the secret's name is '%s'",
  (secretName) => {
    expect(importing({ secretName })).toThrow(
      "test/url: 'secretName' (not shown: it may be the value) must be a secret's name in a Key Vault: at most 127 letters, " +
        "digits and hyphens. Give the name, not the value",
    );
  },
);
