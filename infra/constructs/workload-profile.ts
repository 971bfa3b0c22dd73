import { ConfigurationError } from "../errors";
import { consumptionProfile, type IContainerEnvironment } from "./container-environment";

const why = "managed identities answer in init containers only on a Consumption workload profile";

/**
 * The name of the profile to run on, for an app whose init container needs an identity. Anywhere but on a Consumption
 * profile the token endpoint refuses init containers, and the migrator would restart for ever: better refused here than
 * found out in production.
 */
export function requireConsumptionProfile(
  { workloadProfiles }: IContainerEnvironment,
  asked: string | undefined,
  construct: string,
): string {
  const known = describe(workloadProfiles);
  const consumption = workloadProfiles.filter(({ type }) => type === consumptionProfile.type);
  const [first] = consumption;
  if (first === undefined) {
    throw new ConfigurationError(
      `${construct}: 'environment' has no Consumption workload profile (its profiles: ${known}): ${why}. Create an ` +
        "environment with one, for instance with ContainerEnvironment; it cannot be added later",
    );
  }
  const chosen = asked ?? first.name;
  if (!consumption.some(({ name }) => name === chosen)) {
    const type = workloadProfiles.find(({ name }) => name === chosen)?.type;
    const problem = type === undefined ? "is none of the environment's" : `is of type ${type}`;
    throw new ConfigurationError(
      `${construct}: 'workloadProfileName' (${chosen}) ${problem} (its profiles: ${known}): ${why}. ` +
        `Choose '${first.name}' or leave it out`,
    );
  }
  return chosen;
}

/**
 * The name of the profile to run on, for what needs no identity in an init container: any profile will do. Undefined in a
 * consumption-only environment, which has no names.
 */
export function chooseProfile(
  { workloadProfiles }: IContainerEnvironment,
  asked: string | undefined,
  construct: string,
): string | undefined {
  const consumption = workloadProfiles.find(({ type }) => type === consumptionProfile.type);
  const chosen = asked ?? (consumption ?? workloadProfiles[0])?.name;
  if (chosen !== undefined && !workloadProfiles.some(({ name }) => name === chosen)) {
    throw new ConfigurationError(
      `${construct}: 'workloadProfileName' (${chosen}) is none of the environment's (its profiles: ` +
        `${describe(workloadProfiles)}). Choose one of them or leave it out`,
    );
  }
  return chosen;
}

/** Whether a profile's replicas come in the sizes of the Consumption profile. */
export function isConsumption({ workloadProfiles }: IContainerEnvironment, profile: string | undefined): boolean {
  return (
    profile === undefined ||
    workloadProfiles.some(({ name, type }) => name === profile && type === consumptionProfile.type)
  );
}

function describe(profiles: IContainerEnvironment["workloadProfiles"]): string {
  return profiles.map(({ name, type }) => `${name} (${type})`).join(", ") || "none";
}
