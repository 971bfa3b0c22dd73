import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as constructs from "../../infra";
import { onlyResource, synthesizeStack } from "../infra/support/synthesized";
import { root } from "../support/migrator";

const page = readFileSync(join(root, "docs/constructs.md"), "utf8");

test("names every construct that is exported, and every way to take what is there already", () => {
  const exported = Object.entries(constructs).filter(([name]) => /^[A-Z]/.test(name) && name !== "ConfigurationError");
  expect(exported.length).toBeGreaterThan(8);
  for (const [name, construct] of exported) {
    expect(page).toContain(name);
    for (const method of Object.getOwnPropertyNames(construct).filter((each) => each.startsWith("from"))) {
      expect(page).toContain(`${name}.${method}`);
    }
  }
});

test("has an example that works as it stands", () => {
  const [, code = ""] = /```ts\n([\s\S]*?)```/.exec(page) ?? [];
  const directory = mkdtempSync(join(tmpdir(), "schemagate-example-"));
  try {
    symlinkSync(join(root, "infra"), join(directory, "infra"));
    symlinkSync(join(root, "node_modules"), join(directory, "node_modules"));
    writeFileSync(
      join(directory, "example.ts"),
      code.replace('"schemagate/infra"', JSON.stringify(join(root, "infra"))),
    );
    const { addShop } = require(join(directory, "example.ts"));
    const stack = synthesizeStack((scope) => addShop(scope, "shop.example/shop:1.4.0"));
    const { template, secret, workload_profile_name } = onlyResource(stack, "azurerm_container_app");
    expect(template.init_container[0].image).toBe("shop.example/shop:1.4.0");
    expect(secret).toMatchObject([{ key_vault_secret_id: "https://kv-shop.vault.azure.net/secrets/database-url" }]);
    expect(workload_profile_name).toBe("Consumption");
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});
