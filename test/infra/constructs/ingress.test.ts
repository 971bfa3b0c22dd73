import { createIngress, type IngressProps } from "../../../infra/constructs/ingress";
import { unknownText } from "../support/app-props";

const leastProps: IngressProps = {
  targetPort: 8080,
  external: false,
  allowedAddresses: [],
  deniedAddresses: [],
  revisionMode: "Single",
};

const create = (props: Partial<IngressProps> = {}) => createIngress({ ...leastProps, ...props }, "stack/app");
const creating = (props: Partial<IngressProps>) => () => void create(props);

it("takes HTTPS only, from inside only, for the newest revision", () => {
  expect(create()).toEqual({
    targetPort: 8080,
    externalEnabled: false,
    allowInsecureConnections: false,
    transport: "auto",
    ipSecurityRestriction: [],
    cors: undefined,
    trafficWeight: [{ latestRevision: true, percentage: 100 }],
  });
});

describe("addresses", () => {
  const office = { name: "office", range: "203.0.113.0/24" };

  it("can be the only ones that get in", () => {
    expect(create({ allowedAddresses: [office] }).ipSecurityRestriction).toEqual([
      { name: "office", ipAddressRange: "203.0.113.0/24", action: "Allow" },
    ]);
  });

  it("can be kept out", () => {
    expect(create({ deniedAddresses: [office] }).ipSecurityRestriction).toEqual([
      { name: "office", ipAddressRange: "203.0.113.0/24", action: "Deny" },
    ]);
  });

  it("may be known only at deploy time", () => {
    const later = { name: "later", range: unknownText };
    expect(create({ allowedAddresses: [later] }).ipSecurityRestriction).toMatchObject([
      { ipAddressRange: unknownText },
    ]);
  });

  it("fails when some are allowed and others denied", () => {
    expect(creating({ allowedAddresses: [office, office], deniedAddresses: [office] })).toThrow(
      "stack/app: 'allowedAddresses' (2) and 'deniedAddresses' (1) are both given: Container Apps takes one kind only. " +
        "Remove one",
    );
  });

  it.each(["203.0.113.7", "203.0.113.7/24", "2001:db8::/32", "office"])("fails when a range is %s", (range) => {
    expect(creating({ deniedAddresses: [{ name: "office", range }] })).toThrow(
      `stack/app: the address range 'office' (${range}) must be an IPv4 range in CIDR notation, with no bits behind the ` +
        "prefix. Write for instance '203.0.113.0/24'",
    );
  });
});

describe("browsers on other sites", () => {
  it("may do as little as possible unless told otherwise", () => {
    expect(create({ cors: { allowedOrigins: ["https://shop.example"] } }).cors).toEqual({
      allowedOrigins: ["https://shop.example"],
      allowedMethods: undefined,
      allowedHeaders: undefined,
      exposedHeaders: undefined,
      allowCredentialsEnabled: false,
      maxAgeInSeconds: undefined,
    });
  });

  it("may do what is listed", () => {
    const cors = {
      allowedOrigins: ["https://shop.example"],
      allowedMethods: ["PUT"],
      allowedHeaders: ["x-request-id"],
      exposedHeaders: ["etag"],
      allowCredentials: true,
      maxAgeSeconds: 600,
    };
    expect(create({ cors }).cors).toEqual({
      allowedOrigins: ["https://shop.example"],
      allowedMethods: ["PUT"],
      allowedHeaders: ["x-request-id"],
      exposedHeaders: ["etag"],
      allowCredentialsEnabled: true,
      maxAgeInSeconds: 600,
    });
  });

  it("fails when every one of them may send cookies", () => {
    expect(creating({ cors: { allowedOrigins: ["*"], allowCredentials: true } })).toThrow(
      "stack/app: 'cors' allows credentials to every origin (*): any site could act as the user. Name the origins",
    );
    expect(creating({ cors: { allowedOrigins: ["*"] } })).not.toThrow();
  });
});

describe("traffic", () => {
  it("is shared between revisions by weight", () => {
    const trafficWeights = [
      { percentage: 90, revisionSuffix: "abc123" },
      { percentage: 10, label: "next" },
    ];
    expect(create({ revisionMode: "Multiple", trafficWeights }).trafficWeight).toEqual([
      { percentage: 90, revisionSuffix: "abc123", label: undefined, latestRevision: false },
      { percentage: 10, revisionSuffix: undefined, label: "next", latestRevision: true },
    ]);
  });

  it("fails when it is weighed where one revision gets everything", () => {
    expect(creating({ trafficWeights: [{ percentage: 100 }] })).toThrow(
      "stack/app: 'trafficWeights' needs 'revisionMode' Multiple: in Single mode the newest ready revision gets " +
        "everything. Set the mode or leave the weights out",
    );
  });

  it.each([
    [0, []],
    [90, [60, 30]],
    [110, [100, 10]],
  ])("fails when the weights add up to %d", (total, percentages) => {
    const trafficWeights = percentages.map((percentage) => ({ percentage }));
    expect(creating({ revisionMode: "Multiple", trafficWeights })).toThrow(
      `stack/app: 'trafficWeights' add up to ${total} percent: it must be 100. Change a 'percentage'`,
    );
  });
});
