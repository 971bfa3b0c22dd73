import type { ContainerAppIngress } from "@cdktf/provider-azurerm/lib/container-app";
import { Token } from "cdktf";
import { parseCidr } from "../cidr";
import { ConfigurationError } from "../errors";

/** A range of addresses that may, or may not, reach the app. */
export interface IpRestriction {
  readonly name: string;
  /** IPv4 range in CIDR notation. */
  readonly range: string;
}

/** What browsers on other sites may do. */
export interface CorsPolicy {
  /** `https://shop.example`, or `*` for everybody. */
  readonly allowedOrigins: readonly string[];
  /** @default - none beyond the simple ones */
  readonly allowedMethods?: readonly string[];
  /** @default - none beyond the simple ones */
  readonly allowedHeaders?: readonly string[];
  /** @default - none beyond the simple ones */
  readonly exposedHeaders?: readonly string[];
  /**
   * Let them send cookies along. Not together with the origin `*`.
   * @default false
   */
  readonly allowCredentials?: boolean;
  /**
   * How long a browser may remember this.
   * @default - browsers decide
   */
  readonly maxAgeSeconds?: number;
}

/** The share of requests that one revision gets. */
export interface TrafficWeight {
  /** Percent; all together 100. */
  readonly percentage: number;
  /**
   * Suffix of a revision's name.
   * @default - the newest revision
   */
  readonly revisionSuffix?: string;
  /**
   * Name under which this revision can be asked by itself.
   * @default - none
   */
  readonly label?: string;
}

export interface IngressProps {
  readonly targetPort: number;
  readonly external: boolean;
  readonly allowedAddresses: readonly IpRestriction[];
  readonly deniedAddresses: readonly IpRestriction[];
  readonly cors?: CorsPolicy;
  readonly revisionMode: "Single" | "Multiple";
  readonly trafficWeights?: readonly TrafficWeight[];
}

/** How requests reach the app: over HTTPS only. */
export function createIngress(props: IngressProps, construct: string): ContainerAppIngress {
  requireOneKindOfRestriction(props, construct);
  const restrictions = [
    ...props.allowedAddresses.map((restriction) => ({ restriction, action: "Allow" })),
    ...props.deniedAddresses.map((restriction) => ({ restriction, action: "Deny" })),
  ];
  return {
    targetPort: props.targetPort,
    externalEnabled: props.external,
    allowInsecureConnections: false,
    transport: "auto",
    ipSecurityRestriction: restrictions.map(({ restriction, action }) => ({
      name: restriction.name,
      ipAddressRange: requireRange(restriction, construct),
      action,
    })),
    cors: props.cors && toCorsBlock(props.cors, construct),
    trafficWeight: toWeights(props, construct),
  };
}

function requireOneKindOfRestriction({ allowedAddresses, deniedAddresses }: IngressProps, construct: string): void {
  if (allowedAddresses.length === 0 || deniedAddresses.length === 0) return;
  throw new ConfigurationError(
    `${construct}: 'allowedAddresses' (${allowedAddresses.length}) and 'deniedAddresses' (${deniedAddresses.length}) are ` +
      "both given: Container Apps takes one kind only. Remove one",
  );
}

function requireRange({ name, range }: IpRestriction, construct: string): string {
  if (Token.isUnresolved(range) || parseCidr(range) !== undefined) return range;
  throw new ConfigurationError(
    `${construct}: the address range '${name}' (${range}) must be an IPv4 range in CIDR notation, with no bits behind ` +
      "the prefix. Write for instance '203.0.113.0/24'",
  );
}

function toCorsBlock(cors: CorsPolicy, construct: string) {
  if (cors.allowCredentials && cors.allowedOrigins.includes("*")) {
    throw new ConfigurationError(
      `${construct}: 'cors' allows credentials to every origin (*): any site could act as the user. Name the origins`,
    );
  }
  return {
    allowedOrigins: [...cors.allowedOrigins],
    allowedMethods: cors.allowedMethods && [...cors.allowedMethods],
    allowedHeaders: cors.allowedHeaders && [...cors.allowedHeaders],
    exposedHeaders: cors.exposedHeaders && [...cors.exposedHeaders],
    allowCredentialsEnabled: cors.allowCredentials ?? false,
    maxAgeInSeconds: cors.maxAgeSeconds,
  };
}

function toWeights({ revisionMode, trafficWeights }: IngressProps, construct: string) {
  // All traffic to the newest revision, which in single mode gets it only once it is ready.
  if (trafficWeights === undefined) return [{ latestRevision: true, percentage: 100 }];
  if (revisionMode === "Single") {
    throw new ConfigurationError(
      `${construct}: 'trafficWeights' needs 'revisionMode' Multiple: in Single mode the newest ready revision gets ` +
        "everything. Set the mode or leave the weights out",
    );
  }
  const total = trafficWeights.reduce((sum, { percentage }) => sum + percentage, 0);
  const isKnown = !trafficWeights.some(({ percentage }) => Token.isUnresolved(percentage));
  if (isKnown && total !== 100) {
    throw new ConfigurationError(
      `${construct}: 'trafficWeights' add up to ${total} percent: it must be 100. Change a 'percentage'`,
    );
  }
  const newest = trafficWeights.filter(({ revisionSuffix }) => revisionSuffix === undefined);
  if (newest.length > 1) {
    throw new ConfigurationError(
      `${construct}: 'trafficWeights' name the newest revision ${newest.length} times: an entry without 'revisionSuffix' is ` +
        "that one. Name the other revision, or add the shares up",
    );
  }
  return trafficWeights.map(({ percentage, revisionSuffix, label }) => ({
    percentage,
    revisionSuffix,
    label,
    latestRevision: revisionSuffix === undefined,
  }));
}
