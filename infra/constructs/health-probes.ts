import type {
  ContainerAppTemplateContainerLivenessProbe,
  ContainerAppTemplateContainerReadinessProbe,
  ContainerAppTemplateContainerStartupProbe,
} from "@cdktf/provider-azurerm/lib/container-app";
import { ConfigurationError } from "../errors";

/** azurerm 4.55 takes no higher failure count for any probe. */
const maxFailures = 30;
/** The longest pause between two questions that Container Apps takes. */
const maxIntervalSeconds = 240;

export interface HealthProbesProps {
  readonly port: number;
  readonly livenessPath: string;
  readonly readinessPath: string;
  /** How long a container may take to answer for the first time. */
  readonly startupSeconds: number;
}

export interface HealthProbes {
  readonly startupProbe: ContainerAppTemplateContainerStartupProbe[];
  readonly livenessProbe: ContainerAppTemplateContainerLivenessProbe[];
  readonly readinessProbe: ContainerAppTemplateContainerReadinessProbe[];
}

/**
 * The three probes of an app container. Migrations are not in the startup time: they ran in the init container, which
 * has no probes.
 */
export function healthProbes(props: HealthProbesProps, construct: string): HealthProbes {
  const { port, startupSeconds } = props;
  const maxStartupSeconds = maxFailures * maxIntervalSeconds;
  if (!Number.isInteger(startupSeconds) || startupSeconds < 1 || startupSeconds > maxStartupSeconds) {
    throw new ConfigurationError(
      `${construct}: 'startupSeconds' (${startupSeconds}) must be a whole number from 1 to ${maxStartupSeconds}: a probe ` +
        `fails at most ${maxFailures} times, ${maxIntervalSeconds} s apart. Choose a number in that range`,
    );
  }
  // A long start is asked less often, because the number of failures has a limit.
  const startupIntervalSeconds = Math.ceil(startupSeconds / maxFailures);
  // Every value is stated: what the service fills in by itself shows up as a change in the next plan.
  const probe = { transport: "HTTP", port, initialDelay: 1, timeout: 3 };
  return {
    startupProbe: [
      {
        ...probe,
        path: props.livenessPath,
        intervalSeconds: startupIntervalSeconds,
        failureCountThreshold: Math.ceil(startupSeconds / startupIntervalSeconds),
      },
    ],
    livenessProbe: [{ ...probe, path: props.livenessPath, intervalSeconds: 10, failureCountThreshold: 3 }],
    readinessProbe: [
      { ...probe, path: props.readinessPath, intervalSeconds: 5, failureCountThreshold: 3, successCountThreshold: 1 },
    ],
  };
}
