import { ConfigurationError } from "../errors";
import { type KeyVaultSecretReference, requireKnownSecrets } from "./secrets";

/** Name of the rule that counts requests. */
export const httpScaleRuleName = "http";

/** A scale rule of KEDA's: a queue's length, a schedule, a query's result. */
export interface CustomScaleRule {
  readonly name: string;
  /** Name of KEDA's scaler: `azure-servicebus`, `cron`, `postgresql`. */
  readonly type: string;
  /** What that scaler asks for. Nothing secret: it is readable in state and portal. */
  readonly metadata: Readonly<Record<string, string>>;
  /**
   * Names of secrets by the scaler's parameter.
   * @default - none
   */
  readonly secrets?: Readonly<Record<string, string>>;
}

/** What KEDA measures by in Container Apps; azurerm 4.55 takes no other names. */
export const scalers: readonly string[] = [
  ...["activemq", "artemis-queue", "aws-cloudwatch", "aws-dynamodb", "aws-dynamodb-streams", "aws-kinesis-stream"],
  ...["aws-sqs-queue", "azure-app-insights", "azure-blob", "azure-data-explorer", "azure-eventhub"],
  ...["azure-log-analytics", "azure-monitor", "azure-pipelines", "azure-queue", "azure-servicebus", "cassandra", "cpu"],
  ...["cron", "datadog", "elasticsearch", "external", "external-push", "gcp-pubsub", "gcp-stackdriver", "gcp-storage"],
  ...["github-runner", "graphite", "http", "huawei-cloudeye", "ibmmq", "influxdb", "kafka", "kubernetes-workload"],
  ...["liiklus", "memory", "metrics-api", "mongodb", "mssql", "mysql", "nats-jetstream", "new-relic"],
  ...["openstack-metric", "openstack-swift", "postgresql", "predictkube", "prometheus", "pulsar", "rabbitmq", "redis"],
  ...["redis-cluster", "redis-cluster-streams", "redis-sentinel", "redis-sentinel-streams", "redis-streams"],
  ...["selenium-grid", "solace-event-queue", "stan", "tcp"],
];

/** Scalers that measure replicas which run already: at zero there is nothing to measure. */
const measuresReplicas = ["cpu", "memory"];

/** Whether a rule measures the requests that reach the app. */
export function countsRequests({ type }: CustomScaleRule): boolean {
  return type === "http" || type === "tcp";
}

/** Whether a rule can start the first replica of an app that takes no requests. */
export function wakesFromZero(rule: CustomScaleRule): boolean {
  return !countsRequests(rule) && !measuresReplicas.includes(rule.type);
}

/** As the provider takes them. */
export function toScaleRules(
  rules: readonly CustomScaleRule[],
  secrets: readonly KeyVaultSecretReference[],
  construct: string,
) {
  const names = rules.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index || name === httpScaleRuleName);
  if (twice !== undefined) {
    throw new ConfigurationError(
      `${construct}: two scale rules are named '${twice}' ('${httpScaleRuleName}' is taken): one would win. Rename one`,
    );
  }
  return rules.map(({ name, type, metadata, secrets: authentication = {} }) => {
    requireKnownSecrets("customScaleRules", authentication, secrets, construct);
    return {
      name,
      customRuleType: type,
      metadata: { ...metadata },
      authentication: Object.entries(authentication).map(([triggerParameter, secretName]) => ({
        secretName,
        triggerParameter,
      })),
    };
  });
}
