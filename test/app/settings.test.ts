import { readSettings } from "../../app/settings";

describe("the app's settings", () => {
  it("have defaults that serve a laptop only", () => {
    expect(readSettings({})).toEqual({
      host: "127.0.0.1",
      port: 8080,
      workers: 1,
      poolMax: 5,
      shutdownTimeoutMs: 20_000,
      logLevel: "info",
    });
  });

  it("take empty variables as unset", () => {
    expect(readSettings({ PORT: "", HOST: "", LOG_LEVEL: "" })).toEqual(readSettings({}));
  });

  it("fail with every problem at once", () => {
    const wrong = {
      PORT: "70000",
      WEB_CONCURRENCY: "auto",
      DATABASE_POOL_MAX: "0",
      SHUTDOWN_TIMEOUT: "1.5",
      LOG_LEVEL: "loud",
    };
    expect(() => readSettings(wrong)).toThrow(
      [
        'LOG_LEVEL ("loud") must be one of fatal, error, warn, info, debug, trace, silent',
        'PORT ("70000") must be a whole number from 0 to 65535',
        'WEB_CONCURRENCY ("auto") must be a whole number from 1 to 64',
        'DATABASE_POOL_MAX ("0") must be a whole number from 1 to 100',
        'SHUTDOWN_TIMEOUT ("1.5") must be a whole number from 1 to 600',
      ].join("\n"),
    );
  });
});
