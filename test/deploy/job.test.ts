import { jsonLines } from "../support/migrator";
import { type Answer, FakeAzure, type SeenRequest, trust } from "./fake-azure";
import { migrationJob, playJob } from "./job-stories";
import { failedRun } from "./stories";
import { useWarmProgram } from "./support";

// Each test runs the whole command, with the real SDKs.

const program = useWarmProgram(trust);

let azure: FakeAzure;
afterEach(() => azure.stop());

const hasty = ["--poll-interval", "0.02", "--log-wait", "0.1"];
/** Longer than any test: what waits so long ends with the lines. */
const patient = ["--poll-interval", "0.02", "--log-wait", "600"];
const execution = `${migrationJob}-ab12cde`;

async function job(answer: (request: SeenRequest) => Answer | undefined, args: readonly string[], flags = hasty) {
  azure = new FakeAzure(answer);
  await azure.start();
  return program(["job", ...flags, "dev", ...args], azure.variables());
}

const done =
  '{"time":"2026-03-02T10:00:12Z","event":"done","direction":"up","migrations":[],"durationMs":12,"current":"20260301090000_x"}';
const startBody = () => azure.requests.find(({ path }) => path.endsWith("/start"))?.body;

it("starts the job with the arguments, prints its lines in words, and ends with 0", async () => {
  const { exitCode, stdout, stderr } = await job(
    playJob({ statuses: ["Processing", "Running", "Succeeded"], lines: [done, "not JSON"] }),
    ["up", "--to", "20260301090000", "--dry-run"],
  );
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  expect(stdout.replace(/ {2}\d+(\.\d+)? m?s\n$/, "\n")).toBe(
    [
      `▸ ${migrationJob} started as ${execution}: up --to 20260301090000 --dry-run`,
      "  Processing",
      "  nothing pending; current: 20260301090000_x",
      "  not JSON",
      "  Running",
      "  Succeeded",
      `✔ ${migrationJob} (${execution}) succeeded`,
      "",
    ].join("\n"),
  );
});

it("replaces the arguments and repeats the rest of the template, which the API would otherwise drop", async () => {
  await job(playJob({ statuses: ["Succeeded"] }), ["status", "--check"]);
  expect(startBody()).toEqual({
    containers: [
      {
        name: "migrate",
        image: "crschemagatedev.azurecr.io/schemagate:0.1.0",
        command: ["node", "dist/cli.js"],
        args: ["status", "--check"],
        env: [
          { name: "PGHOST", value: "psql.example" },
          { name: "TOKEN", secretRef: "token" },
        ],
        resources: { cpu: 0.25, memory: "0.5Gi" },
      },
    ],
  });
});

it("starts the job as it is when there are no arguments", async () => {
  await job(playJob({ statuses: ["Succeeded"] }), []);
  expect(startBody()).toBeUndefined();
});

it("takes arguments behind -- as they are", async () => {
  await job(playJob({ statuses: ["Succeeded"] }), ["history", "--", "--verbose"]);
  expect(startBody()?.containers[0].args).toEqual(["history", "--verbose"]);
});

it("waits for lines that arrive after the end, and prints each once", async () => {
  const { stdout } = await job(
    playJob({ statuses: ["Running", "Succeeded"], lines: [done], lateBy: 2 }),
    ["up"],
    patient,
  );
  expect(stdout.split("nothing pending")).toHaveLength(2);
});

it("prints a line that arrives behind younger ones, and none twice", async () => {
  const { stdout } = await job(
    playJob({ statuses: ["Succeeded"], lines: ["first", "second", "third"], laterThanOthers: [0] }),
    ["up"],
    patient,
  );
  const printed = stdout.split("\n").map((line) => line.trim());
  expect(printed.filter((line) => ["first", "second", "third"].includes(line))).toEqual(["second", "third", "first"]);
});

it("ends with the migrator's own exit code, and says what to do next", async () => {
  const { exitCode, stdout } = await job(playJob({ statuses: ["Running", "Failed"], lines: failedRun }), ["up"]);
  expect(exitCode).toBe(6);
  expect(stdout).toContain(`✘ ${migrationJob} (${execution}): Failed\n  why: the migrator ended with 6\n`);
  expect(stdout).toContain(`| where JobName == "${migrationJob}" and ContainerGroupName startswith "${execution}-"`);
  expect(stdout).toContain("npm run job -- dev doctor");
});

it("prints any line, and takes none for its exit code but one that a process can end with", async () => {
  const lines = [
    '{"event":"failed","exitCode":0}',
    '{"event":"failed","exitCode":256}',
    '{"event":"lock-waiting","holder":[],"waitedMs":2}',
    "null",
  ];
  const { exitCode, stdout } = await job(playJob({ statuses: ["Failed"], lines }), ["up"]);
  expect(exitCode).toBe(13);
  expect(lines.filter((line) => !stdout.includes(`  ${line}\n`))).toEqual([]);
});

describe("the exit code is that of the line which the run ended with", () => {
  const failed = (exitCode: number, more = {}) =>
    JSON.stringify({ event: "failed", code: "migration-failed", message: "it failed", exitCode, ...more });
  const target = { host: "h", port: 5432, database: "d" };
  const begins = JSON.stringify({ event: "target", target });
  const exitCodeOf = async (lines: readonly string[], late: readonly number[] = []) =>
    (await job(playJob({ statuses: ["Failed"], lines, laterThanOthers: late }), ["up"], patient)).exitCode;

  it.each<[string, readonly string[], number]>([
    [
      "another logger's line has a code of its own",
      [failed(6), '{"level":50,"msg":"x","event":"failed","exitCode":3}'],
      6,
    ],
    [
      "plain text and JSON of others come behind it",
      [failed(6), "event: failed, exitCode: 3", '{"exitCode":3}', "{"],
      6,
    ],
    ["an earlier start failed otherwise", [begins, failed(5), begins, failed(6)], 6],
    ["dots that a migration printed stand before it", [begins, `...{"time":"now",${failed(6).slice(1)}`], 6],
    ["a later start was killed", [begins, failed(6), begins], 13],
    ["it is of a later version", [failed(99, { problems: "many" })], 99],
  ])("%s", async (_, lines, exitCode) => {
    expect(await exitCodeOf(lines)).toBe(exitCode);
  });

  it("although the line of an earlier start arrives behind it", async () => {
    expect(await exitCodeOf([failed(5), begins, failed(6)], [0])).toBe(6);
  });

  it.each([16_384, 32_768])("although the platform cut it at %i bytes, with others' lines between", async (size) => {
    const whole = failed(6, { problems: [{ code: "edited", message: "é".repeat(20_000) }] });
    const pieces = [whole.slice(0, size), whole.slice(size)];
    expect(await exitCodeOf([begins, pieces[0] ?? "", "a warning of Node's", pieces[1] ?? ""])).toBe(6);
  });

  it("although the platform cut it twice", async () => {
    const whole = failed(4, { problems: [{ code: "edited", message: "x".repeat(40_000) }] });
    const pieces = [whole.slice(0, 16_384), whole.slice(16_384, 32_768), whole.slice(32_768)];
    expect(await exitCodeOf(pieces)).toBe(4);
  });

  it("unless the rest of it never arrived", async () => {
    const whole = failed(6, { problems: [{ code: "edited", message: "x".repeat(20_000) }] });
    expect(await exitCodeOf([whole.slice(0, 16_384), "{}"])).toBe(13);
  });
});

it("ends with a code of its own when no line tells why it failed", async () => {
  const { exitCode, stdout } = await job(playJob({ statuses: ["Failed"] }), ["up"]);
  expect(exitCode).toBe(13);
  expect(stdout).toContain("why: it failed, and no line of it tells why");
});

it("says so when somebody stopped it", async () => {
  const { exitCode, stdout } = await job(playJob({ statuses: ["Stopped"] }), ["up"]);
  expect(exitCode).toBe(13);
  expect(stdout).toContain("why: somebody stopped it, or it ran longer than it may");
});

it("stops following when time is over, and says how to stop the job itself", async () => {
  const { exitCode, stdout } = await job(playJob({ statuses: ["Running"] }), ["up"], [...hasty, "--timeout", "0.3"]);
  expect(exitCode).toBe(11);
  expect(stdout).toContain("why: it is still Running and goes on by itself");
  expect(stdout).toContain(`az containerapp job stop --name ${migrationJob}`);
});

it("stops following when Azure answers nothing that can be used until time is over", async () => {
  const story = playJob({ statuses: ["Running"] });
  let isFollowed = false;
  const { exitCode, stdout } = await job(
    (request) => {
      if (isFollowed) return { status: 503, body: { error: { code: "ServiceUnavailable", message: "no" } } };
      isFollowed = request.path.endsWith(execution);
      return story(request);
    },
    ["up"],
    ["--poll-interval", "0.5", "--log-wait", "0.1", "--timeout", "2"],
  );
  expect(exitCode).toBe(11);
  expect(stdout).toContain(
    `✘ ${migrationJob} (${execution}): Running\n  why: it is still Running, as far as is known, and goes on by itself`,
  );
  expect(stdout).toContain("HTTP 503, ServiceUnavailable: no");
});

it("starts nothing when time is over before Azure answers", async () => {
  const trouble = {
    status: 429,
    headers: { "retry-after": "90" },
    body: { error: { code: "Busy", message: "later" } },
  };
  const { exitCode, stderr } = await job(() => trouble, ["up"], [...hasty, "--timeout", "0.3"]);
  expect(exitCode).toBe(11);
  expect(stderr).toContain("HTTP 429, Busy: later, and asks to wait 90 s");
  expect(stderr).toContain("[azure-timed-out, exit 11]");
  expect(azure.requests.map(({ method }) => method)).toEqual(["GET"]);
});

it("fails when there is no such job", async () => {
  const { exitCode, stderr } = await job(() => undefined, ["up"]);
  expect(exitCode).toBe(12);
  expect(stderr).toContain(`there is no job ${migrationJob} in resource group rg-schemagate-dev`);
});

it("prints JSON lines, the last with the result", async () => {
  const { stdout } = await job(playJob({ statuses: ["Failed"], lines: failedRun }), ["up"], [...hasty, "--json"]);
  expect(jsonLines(stdout).at(-1)).toMatchObject({
    event: "job",
    job: migrationJob,
    execution,
    status: "Failed",
    exitCode: 6,
  });
});

it("fails when no environment is named", async () => {
  azure = new FakeAzure(() => undefined);
  await azure.start();
  const { exitCode, stderr } = await program(["job"], azure.variables());
  expect(exitCode).toBe(2);
  expect(stderr).toContain("environment (missing): there is no default environment.");
});
