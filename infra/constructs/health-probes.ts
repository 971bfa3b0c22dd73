import type {
  ContainerAppTemplateContainerLivenessProbe,
  ContainerAppTemplateContainerReadinessProbe,
  ContainerAppTemplateContainerStartupProbe,
} from "@cdktf/provider-azurerm/lib/container-app";
import { Fn, Op, Token } from "cdktf";
import { requireProps, wholeNumber } from "./checks";
import { isUnknown } from "./unknown";

/** azurerm 4.55 takes no higher failure count for any probe. */
const maxFailures = 30;
/** The longest pause between two questions that Container Apps takes. */
const maxIntervalSeconds = 240;

const startupSeconds = wholeNumber(
  1,
  maxFailures * maxIntervalSeconds,
  `a probe fails at most ${maxFailures} times, ${maxIntervalSeconds} s apart. Choose a number in that range`,
);

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
  requireProps({ startupSeconds: props.startupSeconds }, { startupSeconds }, construct);
  const { port } = props;
  // A long start is asked less often, because the number of failures has a limit.
  const startupIntervalSeconds = divideUp(props.startupSeconds, maxFailures);
  // Every value is stated: what the service fills in by itself shows up as a change in the next plan.
  const probe = { transport: "HTTP", port, initialDelay: 1, timeout: 3 };
  return {
    startupProbe: [
      {
        ...probe,
        path: props.livenessPath,
        intervalSeconds: startupIntervalSeconds,
        failureCountThreshold: divideUp(props.startupSeconds, startupIntervalSeconds),
      },
    ],
    livenessProbe: [{ ...probe, path: props.livenessPath, intervalSeconds: 10, failureCountThreshold: 3 }],
    readinessProbe: [
      { ...probe, path: props.readinessPath, intervalSeconds: 5, failureCountThreshold: 3, successCountThreshold: 1 },
    ],
  };
}

function divideUp(value: number, by: number): number {
  // Arithmetic on a placeholder gives another number, not a placeholder: Terraform has to do it.
  return isUnknown(value) ? Token.asNumber(Fn.ceil(Token.asNumber(Op.div(value, by)))) : Math.ceil(value / by);
}
