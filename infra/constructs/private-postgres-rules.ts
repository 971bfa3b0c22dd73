import { ConfigurationError } from "../errors";
import { requireProps } from "./checks";
import { serverChecks } from "./private-postgres-checks";
import type { PrivatePostgresProps } from "./private-postgres-props";
import { isUnknown } from "./unknown";

const dnsZoneEnding = ".postgres.database.azure.com";

/** Refuses props that the service would refuse, or that contradict each other. */
export function requireValidServer(props: PrivatePostgresProps, construct: string): void {
  requireProps(props, serverChecks, construct);
  const problem = [subnetProblem, dnsProblem, standbyProblem, maintenanceProblem, operatorProblem]
    .map((find) => find(props))
    .find((found) => found !== undefined);
  if (problem !== undefined) throw new ConfigurationError(`${construct}: ${problem}`);
}

function subnetProblem(props: PrivatePostgresProps): string | undefined {
  const { subnetId, subnetName, subnetRange, virtualNetworkName } = props;
  const unused = Object.entries({ subnetName, virtualNetworkName }).find(([, value]) => value !== undefined);
  if (subnetId !== undefined && subnetRange !== undefined) {
    return `'subnetId' and 'subnetRange' (${subnetRange}) are both given, and the server lives in one subnet. Remove one`;
  }
  if (subnetId === undefined && (subnetRange === undefined || virtualNetworkName === undefined)) {
    return (
      "neither 'subnetId' nor 'subnetRange' with 'virtualNetworkName' is given: the server lives in a subnet of its " +
      "own. Name the subnet, or a range to make it of"
    );
  }
  if (subnetId !== undefined && unused !== undefined) {
    return `'${unused[0]}' (${unused[1]}) says how to make a subnet, and 'subnetId' names one that is there. Remove one`;
  }
  return undefined;
}

function dnsProblem(props: PrivatePostgresProps): string | undefined {
  const { privateDnsZoneName, privateDnsZoneId, virtualNetworkId, serverName } = props;
  if (privateDnsZoneId !== undefined && privateDnsZoneName !== undefined) {
    return (
      `'privateDnsZoneId' and 'privateDnsZoneName' (${privateDnsZoneName}) are both given, and the server's name is in ` +
      "one zone. Remove one"
    );
  }
  if (privateDnsZoneId !== undefined) return undefined;
  if (privateDnsZoneName === undefined || virtualNetworkId === undefined) {
    return (
      "neither 'privateDnsZoneId' nor 'privateDnsZoneName' with 'virtualNetworkId' is given: without a zone nobody " +
      "finds the server. Name the zone, or one to make and the network to link it to"
    );
  }
  if (!isUnknown(privateDnsZoneName) && !privateDnsZoneName.endsWith(dnsZoneEnding)) {
    return (
      `'privateDnsZoneName' (${privateDnsZoneName}) must end in ${dnsZoneEnding}: the service takes no other zone. Use ` +
      `for instance '${serverName}.private${dnsZoneEnding}'`
    );
  }
  return undefined;
}

function standbyProblem(props: PrivatePostgresProps): string | undefined {
  const { zone, standbyZone, standbyInSameZone, skuName } = props;
  if (standbyZone !== undefined && standbyZone === zone) {
    return (
      `'standbyZone' (${standbyZone}) must differ from 'zone' (${zone}): a standby in the same zone falls with it. Name ` +
      "another zone"
    );
  }
  if (standbyZone !== undefined && standbyInSameZone) {
    return (
      `'standbyZone' (${standbyZone}) and 'standbyInSameZone' (true) contradict each other: there is one standby. ` +
      "Remove one"
    );
  }
  if ((standbyZone !== undefined || standbyInSameZone) && skuName.startsWith("B_")) {
    const prop = standbyZone === undefined ? "'standbyInSameZone' true" : `'standbyZone' ${standbyZone}`;
    return (
      `'skuName' (${skuName}) is a burstable size: those cannot have a standby (${prop}). Choose a GP_ or MO_ size or ` +
      "leave the standby out"
    );
  }
  return undefined;
}

function maintenanceProblem({ maintenanceWindow }: PrivatePostgresProps): string | undefined {
  if (maintenanceWindow === undefined) return undefined;
  const { dayOfWeek, startHour, startMinute = 0 } = maintenanceWindow;
  const isWhole = (value: number, max: number) =>
    isUnknown(value) || (Number.isInteger(value) && value >= 0 && value <= max);
  if (isWhole(dayOfWeek, 6) && isWhole(startHour, 23) && isWhole(startMinute, 59)) return undefined;
  return (
    `'maintenanceWindow' (day ${dayOfWeek}, ${startHour}:${startMinute}) must be a day from 0, Sunday, to 6, an hour ` +
    "from 0 to 23 and a minute from 0 to 59. Choose a time in that range"
  );
}

function operatorProblem({ operators = [], administrator }: PrivatePostgresProps): string | undefined {
  const seen = new Set<string>();
  for (const { name, objectId } of operators) {
    const isAdministrator = name === administrator.name || objectId === administrator.principalId;
    if (seen.has(objectId) || seen.has(name) || isAdministrator) {
      return `'operators' names ${name} (${objectId}) twice, or the administrator again. Name each once`;
    }
    seen.add(objectId).add(name);
  }
  return undefined;
}
