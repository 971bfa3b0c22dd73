import { nothingLeft, setDirectory, travelAlone } from "./support";

const set = {
  dir: setDirectory("tenants"),
  seeds: [
    {
      behind: "0006",
      sql: `
        INSERT INTO tenancy.tenants (slug, plan, address, secret_hash)
          VALUES ('north', 'team', ROW('1 Pier', '0150', 'NO'), 'abc'), ('South-2', 'free', NULL, NULL);
        INSERT INTO metrics.measurements VALUES
          (1, '2025-06-01 12:00Z', 's1', 'heat', 21.5), (1, '2025-06-02 12:00Z', 's2', 'noise', 40),
          (1, '2026-02-01 12:00Z', 's1', 'heat', 19), (2, '2026-03-01 12:00Z', 's1', 'cold', -3),
          (1, '2031-01-01 00:00Z', 's1', 'heat', 25)`,
    },
    {
      behind: "0011",
      sql: `
        INSERT INTO tenancy.bookings VALUES (1, 'hall', '[2026-01-01 10:00Z, 2026-01-01 12:00Z)');
        UPDATE tenancy.tenants SET discount = 10 WHERE id = 1;
        DELETE FROM metrics.measurements WHERE value = 25`,
    },
  ],
  facts: {
    tenants: `SELECT slug::text, (address).country, discount, encode(secret_digest, 'hex') AS digest
                FROM tenancy.tenants ORDER BY id`,
    partitions: "SELECT tableoid::regclass::text AS partition, value FROM metrics.measurements ORDER BY taken_at",
    archive: "SELECT tableoid::regclass::text AS partition, value FROM audit.measurements_2025 ORDER BY taken_at",
    alerts: "SELECT level FROM metrics.alerts UNION ALL SELECT 'detached ' || level FROM metrics.alerts_low",
    newest: "SELECT sensor, value, hot::integer FROM metrics.newest_values ORDER BY tenant_id, sensor",
    changes: `SELECT source::text, action, before ? 'key' AS "hasKey", after ->> 'discount' AS discount
                FROM audit.events ORDER BY id`,
    ddl: "SELECT tag, object FROM audit.ddl ORDER BY id",
  },
};

test("tenants with partitions and row security go up, down and up again, and leave nothing behind", async () => {
  const { facts, ...trip } = await travelAlone(set);

  expect(trip).toEqual(nothingLeft(set));
  expect(facts).toEqual({
    tenants: [
      {
        slug: "north",
        country: "NO",
        discount: "10.00",
        digest: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
      },
      { slug: "South-2", country: null, discount: "0.00", digest: null },
    ],
    partitions: [
      { partition: "metrics.measurements_2026", value: 19 },
      { partition: "metrics.measurements_2026", value: -3 },
    ],
    archive: [
      { partition: "metrics.measurements_2025_heat", value: 21.5 },
      { partition: "metrics.measurements_2025_other_2", value: 40 },
    ],
    alerts: [{ level: "highest" }, { level: "detached low" }],
    newest: [
      { sensor: "s1", value: 19, hot: 1 },
      { sensor: null, value: 19, hot: 1 },
      { sensor: "s1", value: -3, hot: 0 },
      { sensor: null, value: -3, hot: 0 },
    ],
    changes: [
      { source: "tenancy.bookings", action: "INSERT", hasKey: null, discount: null },
      { source: "tenancy.tenants", action: "UPDATE", hasKey: false, discount: "10.00" },
      { source: "metrics.measurements_rest", action: "DELETE", hasKey: false, discount: null },
      { source: "tenancy.tenants", action: "UPDATE", hasKey: false, discount: "10.00" },
    ],
    ddl: [{ tag: "ALTER TABLE", object: "tenancy.plans" }],
  });
});
