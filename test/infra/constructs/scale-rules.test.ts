import { type CustomScaleRule, toScaleRules } from "../../../infra/constructs/scale-rules";

const queue: CustomScaleRule = {
  name: "orders",
  type: "azure-servicebus",
  metadata: { queueName: "orders", messageCount: "20" },
};
const secrets = [{ name: "bus", keyVaultSecretId: "https://kv-shop.vault.azure.net/secrets/bus" }];

it("passes on what KEDA's scaler asks for", () => {
  expect(toScaleRules([queue], [], "stack/app")).toEqual([
    {
      name: "orders",
      customRuleType: "azure-servicebus",
      metadata: { queueName: "orders", messageCount: "20" },
      authentication: [],
    },
  ]);
});

it("signs in with secrets of the app", () => {
  const [rule] = toScaleRules([{ ...queue, secrets: { connection: "bus" } }], secrets, "stack/app");
  expect(rule?.authentication).toEqual([{ secretName: "bus", triggerParameter: "connection" }]);
});

it.each([
  ["orders", [queue, queue]],
  ["http", [{ ...queue, name: "http" }]],
])("fails when '%s' names two rules", (name, rules) => {
  expect(() => toScaleRules(rules, [], "stack/app")).toThrow(
    `stack/app: two scale rules are named '${name}' ('http' is taken): one would win. Rename one`,
  );
});

it("fails when its secret is not there", () => {
  expect(() => toScaleRules([{ ...queue, secrets: { connection: "queue" } }], secrets, "stack/app")).toThrow(
    "stack/app: 'customScaleRules' takes connection from a secret (not shown: it may be the value) that is not among 'secrets' (bus). Add it " +
      "there or correct the name",
  );
});
