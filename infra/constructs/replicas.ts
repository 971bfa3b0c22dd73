import { Token } from "cdktf";
import { ConfigurationError } from "../errors";
import { type CustomScaleRule, countsRequests, wakesFromZero } from "./scale-rules";

export interface ReplicasProps {
  /** Whether requests reach the app: one that arrives starts the first replica. */
  readonly ingress: boolean;
  readonly minReplicas?: number;
  readonly maxReplicas?: number;
  readonly customScaleRules: readonly CustomScaleRule[];
}

export interface Replicas {
  readonly minReplicas: number;
  readonly maxReplicas: number;
}

/** How many replicas there are. Refuses an app that could never have one: at zero, something has to start the first. */
export function settleReplicas(props: ReplicasProps, construct: string): Replicas {
  requireRequestsForRules(props, construct);
  const canWake = props.ingress || props.customScaleRules.some(wakesFromZero);
  const { minReplicas = canWake ? 0 : 1, maxReplicas = 10 } = props;
  if (minReplicas === 0 && !canWake) {
    throw new ConfigurationError(
      `${construct}: 'minReplicas' (0) goes with something that starts the first replica: 'ingress' is false, and ` +
        `'customScaleRules' (${describe(props.customScaleRules)}) start none, so that the app would never run. Leave it ` +
        "out for 1, or add a rule that looks at work outside of the app, for instance azure-servicebus or cron",
    );
  }
  if (Token.isUnresolved(minReplicas) || Token.isUnresolved(maxReplicas)) return { minReplicas, maxReplicas };
  if (minReplicas > maxReplicas) {
    throw new ConfigurationError(
      `${construct}: 'minReplicas' (${minReplicas}) must not be more than 'maxReplicas' (${maxReplicas}). Lower the ` +
        "first or raise the second",
    );
  }
  return { minReplicas, maxReplicas };
}

function requireRequestsForRules({ ingress, customScaleRules }: ReplicasProps, construct: string): void {
  const idle = ingress ? undefined : customScaleRules.find(countsRequests);
  if (idle === undefined) return;
  throw new ConfigurationError(
    `${construct}: 'customScaleRules' has '${idle.name}' of type ${idle.type}, which counts requests, and 'ingress' is ` +
      "false: none arrives. Remove the rule or take requests",
  );
}

function describe(rules: readonly CustomScaleRule[]): string {
  return rules.map(({ name, type }) => `${name} of type ${type}`).join(", ") || "none";
}
