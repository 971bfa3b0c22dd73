import type { PrivatePostgresProps } from "../../../infra/constructs/private-postgres-props";
import { requireValidServer } from "../../../infra/constructs/private-postgres-rules";
import { leastServerProps, unknownNumber, unknownText } from "../support/app-props";

const checking = (props: Partial<PrivatePostgresProps>) => {
  return () => requireValidServer({ ...leastServerProps, ...props }, "stack/postgres");
};

it("takes what fits together", () => {
  expect(checking({})).not.toThrow();
  expect(checking({ standbyZone: "2" })).not.toThrow();
  expect(checking({ standbyInSameZone: true })).not.toThrow();
  expect(checking({ maintenanceWindow: { dayOfWeek: 6, startHour: 23, startMinute: 59 } })).not.toThrow();
});

it("leaves alone what is known only at deploy time", () => {
  expect(checking({ privateDnsZoneName: unknownText, backupRetentionDays: unknownNumber })).not.toThrow();
});

describe("fails when", () => {
  it("two subnets are given", () => {
    expect(checking({ subnetRange: "10.20.2.0/28" })).toThrow(
      "stack/postgres: 'subnetId' and 'subnetRange' (10.20.2.0/28) are both given, and the server lives in one subnet. Remove one",
    );
  });

  it.each([{}, { subnetRange: "10.20.2.0/28" }, { virtualNetworkName: "vnet-shop-dev" }])(
    "no subnet follows from %j",
    (props) => {
      expect(checking({ subnetId: undefined, ...props })).toThrow(
        "stack/postgres: neither 'subnetId' nor 'subnetRange' with 'virtualNetworkName' is given: the server lives in a " +
          "subnet of its own. Name the subnet, or a range to make it of",
      );
    },
  );

  it("two DNS zones are given", () => {
    expect(checking({ privateDnsZoneId: "zone-id" })).toThrow(
      "stack/postgres: 'privateDnsZoneId' and 'privateDnsZoneName' (shop.private.postgres.database.azure.com) are both given, " +
        "and the server's name is in one zone. Remove one",
    );
  });

  it.each(["privateDnsZoneName", "virtualNetworkId"] as const)("no DNS zone follows without %s", (prop) => {
    expect(checking({ [prop]: undefined })).toThrow(
      "stack/postgres: neither 'privateDnsZoneId' nor 'privateDnsZoneName' with 'virtualNetworkId' is given: without a zone " +
        "nobody finds the server. Name the zone, or one to make and the network to link it to",
    );
  });

  it("the DNS zone has another ending", () => {
    expect(checking({ privateDnsZoneName: "shop.internal" })).toThrow(
      "stack/postgres: 'privateDnsZoneName' (shop.internal) must end in .postgres.database.azure.com: the service takes no " +
        "other zone. Use for instance 'psql-shop-dev.private.postgres.database.azure.com'",
    );
  });

  it("the standby shares the primary's zone", () => {
    expect(checking({ standbyZone: "1" })).toThrow(
      "stack/postgres: 'standbyZone' (1) must differ from 'zone' (1): a standby in the same zone falls with it. Name another zone",
    );
  });

  it("there are to be two standbys", () => {
    expect(checking({ standbyZone: "2", standbyInSameZone: true })).toThrow(
      "stack/postgres: 'standbyZone' (2) and 'standbyInSameZone' (true) contradict each other: there is one standby. Remove one",
    );
  });

  it.each([
    ["'standbyZone' 2", { standbyZone: "2" }],
    ["'standbyInSameZone' true", { standbyInSameZone: true }],
  ])("a burstable server is to have a standby (%s)", (prop, props) => {
    expect(checking({ skuName: "B_Standard_B1ms", ...props })).toThrow(
      `stack/postgres: 'skuName' (B_Standard_B1ms) is a burstable size: those cannot have a standby (${prop}). Choose a GP_ or ` +
        "MO_ size or leave the standby out",
    );
  });

  it.each([6, 36])("backups are to be kept for %d days", (backupRetentionDays) => {
    expect(checking({ backupRetentionDays })).toThrow(
      `stack/postgres: 'backupRetentionDays' (${backupRetentionDays}) must be 7 to 35: the service keeps backups no shorter ` +
        "and no longer. Choose a number in that range",
    );
  });

  it.each([
    [7, 3, 0],
    [-1, 3, 0],
    [0, 24, 0],
    [0, 3.5, 0],
    [0, 3, 60],
  ])("the maintenance window is day %d, %d:%d", (dayOfWeek, startHour, startMinute) => {
    expect(checking({ maintenanceWindow: { dayOfWeek, startHour, startMinute } })).toThrow(
      `stack/postgres: 'maintenanceWindow' (day ${dayOfWeek}, ${startHour}:${startMinute}) must be a day from 0, Sunday, to 6, ` +
        "an hour from 0 to 23 and a minute from 0 to 59. Choose a time in that range",
    );
  });

  const dba = { name: "dba", objectId: "group-id", type: "Group" } as const;

  it.each([
    ["dba (group-id)", [dba, dba]],
    ["dba (other-id)", [dba, { ...dba, objectId: "other-id" }]],
    ["id-shop-dev-db-admin (other-id)", [{ ...dba, name: "id-shop-dev-db-admin", objectId: "other-id" }]],
  ])("an operator is there already: %s", (who, operators) => {
    expect(checking({ operators })).toThrow(
      `stack/postgres: 'operators' names ${who} twice, or the administrator again. Name each once`,
    );
  });
});
