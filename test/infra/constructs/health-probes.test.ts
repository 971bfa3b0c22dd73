import { healthProbes } from "../../../infra/constructs/health-probes";

const base = { port: 8080, livenessPath: "/live", readinessPath: "/ready" };

it.each([1, 30, 31, 60, 61, 600, 7200])(
  "gives a start of %d s at least that long, within azurerm's 30 failures",
  (startupSeconds) => {
    const [probe] = healthProbes({ ...base, startupSeconds }, "app").startupProbe;
    const failures = probe?.failureCountThreshold ?? 0;
    expect(failures).toBeLessThanOrEqual(30);
    expect(failures).toBeGreaterThan(0);
    expect(failures * (probe?.intervalSeconds ?? 0)).toBeGreaterThanOrEqual(startupSeconds);
    expect(probe?.intervalSeconds).toBeLessThanOrEqual(240);
  },
);

it.each([0, -1, 1.5, 7201])("fails when the start may take %d s", (startupSeconds) => {
  expect(() => healthProbes({ ...base, startupSeconds }, "app")).toThrow(
    `app: 'startupSeconds' (${startupSeconds}) must be a whole number from 1 to 7200: a probe fails at most 30 times, 240 s ` +
      "apart. Choose a number in that range",
  );
});
