import { readFileSync } from "node:fs";
import { join } from "node:path";
import { migratorLinesQuery } from "../../infra/log-queries";
import type { Result } from "../infra/support/run-script";
import { jsonLines, makeDirectory } from "../support/migrator";
import { type Answer, FakeAzure, type SeenRequest, trust } from "./fake-azure";
import {
  containerApp,
  crashLoop,
  type Frame,
  failedRun,
  image,
  newRevision,
  nextRevision,
  oldRevision,
  playFrames,
  replica,
  revision,
  sameImage,
  stories,
} from "./stories";
import { useWarmProgram } from "./support";

// Each test runs the whole command, with the real SDKs.

const program = useWarmProgram(trust);

let azure: FakeAzure;
afterEach(() => azure.stop());

const old = revision(oldRevision);

/** Fast enough for a test; what it decides does not depend on the pauses. */
const hasty = ["--poll-interval", "0.02", "--log-wait", "0"];

async function gate(
  answer: (request: SeenRequest) => Answer | undefined,
  flags: readonly string[] = [],
  variables: Record<string, string> = {},
): Promise<Result> {
  azure = new FakeAzure(answer);
  await azure.start();
  return program(["gate", "dev", ...hasty, ...flags], { ...azure.variables(), ...variables });
}

const play = (frames: readonly Frame[], flags?: readonly string[], lines?: readonly string[]) =>
  gate(playFrames(frames, lines), flags);

describe("the gate is open", () => {
  it("INV-14: when the revision is up and gets the requests", async () => {
    const { exitCode, stdout, stderr } = await play(stories.healthy);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout.replace(/ {2}\d+(\.\d+)? m?s\n$/, "\n")).toBe(
      [
        `  no revision runs ${image} yet`,
        `▸ revision ${newRevision} runs ${image}`,
        "  Provisioned, Activating, health unknown",
        `  ready, but ${oldRevision} still gets the requests`,
        `✔ gate open: ${containerApp} runs ${newRevision} (Provisioned, RunningAtMaxScale, Healthy, 1 running)`,
        "",
      ].join("\n"),
    );
  });

  it("when it scaled to zero after it was provisioned", async () => {
    const { exitCode, stdout } = await play(stories.scaledToZero);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(
      `gate open: ${containerApp} runs ${newRevision} (Provisioned, ScaledToZero, Healthy, scaled to zero)`,
    );
  });

  it("when it was degraded for a while", async () => {
    const { exitCode, stdout } = await play(stories.degradedThenHealthy);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(
      "  Provisioned, Degraded, Unhealthy (Deployment Progress Deadline Exceeded. 0/1 replicas ready.)",
    );
  });

  it("for a container with a managed identity, too", async () => {
    azure = new FakeAzure(playFrames(stories.healthy));
    await azure.start();
    const { exitCode } = await program(["gate", "dev", ...hasty], azure.managedIdentityVariables());
    expect(exitCode).toBe(0);
    expect(azure.requests[0]?.token).toMatch(/^managed-/);
  });
});

describe("the gate holds", () => {
  it("as soon as the migrator crash-loops: why, its lines, the query, and what to do next", async () => {
    const { exitCode, stdout } = await play(stories.migratorFails, [], failedRun);
    expect(exitCode).toBe(10);
    expect(stdout).toContain(
      `✘ the gate holds: ${containerApp}, revision ${newRevision}\n` +
        "  why: init container 'migrate' failed and was restarted 3 times (Container is waiting with reason: " +
        `CrashLoopBackOff on legion.), in replica ${newRevision}-5d4f8\n` +
        `  ${oldRevision} goes on serving\n` +
        "  what the migrator printed last:\n" +
        '    error: migration 20260301090000_add_total failed: column "total" contains null values\n',
    );
    expect(stdout).toContain("[migration-failed, exit 6]");
    expect(stdout).toContain(
      "  more of it, in Log Analytics:\n" +
        `    ${migratorLinesQuery({ destination: "azure-monitor", app: containerApp, revision: newRevision }).split("\n")[0]}\n` +
        "    | where TimeGenerated > ago(1h)\n" +
        `    | where ContainerAppName == "${containerApp}" and RevisionName == "${newRevision}"\n` +
        '    | where ContainerName == "migrate"\n',
    );
    expect(stdout).toContain("npm run job -- dev status\n");
    expect(stdout).toMatch(/\[migrator-crash-loop, exit 10\]\n$/);
  });

  it.each([
    ["the app crash-loops", stories.appFails, "app-crash-loop", "container 'app' failed and was restarted 3 times"],
    [
      "it cannot be provisioned",
      stories.provisioningFails,
      "provisioning-failed",
      "provisioning failed: Pending:ImagePullBackOff on legion",
    ],
    [
      "it does not become ready before Azure gives up",
      stories.activationFails,
      "activation-failed",
      "it is ActivationFailed: Deployment Progress Deadline Exceeded. 0/1 replicas ready.",
    ],
    ["it is inactive, however healthy it reads", stories.inactive, "revision-inactive", `${newRevision} is inactive`],
    [
      "another tool gave the app an image that the migrator does not have",
      stories.imagesDiffer,
      "images-differ",
      `the migrator runs crschemagatedev.azurecr.io/schemagate:0.0.9 and the app ${image}`,
    ],
  ])("when %s", async (_, frames, code, why) => {
    const { exitCode, stdout } = await play(frames);
    expect(exitCode).toBe(10);
    expect(stdout).toContain(`  why: ${why}`);
    expect(stdout).toContain(`[${code}, exit 10]`);
  });

  it("and says so when the migrator's lines cannot be read", async () => {
    const frames = playFrames(stories.migratorFails);
    const { exitCode, stdout } = await gate((request) =>
      request.path.endsWith("/query")
        ? {
            status: 403,
            body: {
              error: { code: "InsufficientAccessError", message: "The provided credentials have insufficient access" },
            },
          }
        : frames(request),
    );
    expect(exitCode).toBe(10);
    expect(stdout).toContain(
      "warning: the migrator's lines cannot be read: Azure does not let this identity read log workspace",
    );
    expect(stdout).toContain("  no line of the migrator has arrived yet");
  });

  it("and keeps its exit code, whatever the migrator printed", async () => {
    const summary = join(makeDirectory(), "summary.md");
    const lines = [
      '{"event":"lock-waiting","holder":{"pid":7,"applicationName":"psql","state":"active","since":"2026-01-01T00:00:00.000Z"},"waitedMs":2}',
      '{"event":"lock-waiting","holder":{"pid":7,"since":"soon"},"waitedMs":2}',
      '{"event":"failed"}',
      "null",
    ];
    const { exitCode, stdout, stderr } = await gate(playFrames(stories.migratorFails, lines), [], {
      GITHUB_STEP_SUMMARY: summary,
    });
    expect({ exitCode, stderr }).toEqual({ exitCode: 10, stderr: "" });
    const inWords =
      "waiting for the lock, held by psql (pid 7, active, connected since 2026-01-01T00:00:00.000Z), 2 ms so far";
    for (const line of [inWords, ...lines.slice(1)]) {
      expect(stdout).toContain(`    ${line}\n`);
      expect(readFileSync(summary, "utf8")).toContain(`${line}\n`);
    }
  });

  /** Longer than any test: what waits so long ends with what it waits for. */
  const patient = ["--log-wait", "600"];
  const queries = () => azure.requests.filter(({ path }) => path.endsWith("/query")).map(({ body }) => body?.query);

  it.each([
    ["the app crash-loops", stories.appFails],
    ["another init container does", stories.otherInitFails],
    ["the image cannot be pulled", stories.provisioningFails],
    ["a probe fails", stories.probeFails],
    ["the images differ", stories.imagesDiffer],
    ["it is inactive", stories.inactive],
  ])("at once when %s: no line of the migrator says why", async (_, frames) => {
    const { exitCode, stdout } = await play(frames, patient);
    expect(exitCode).toBe(10);
    expect(stdout).not.toMatch(/of the migrator|the migrator printed|looking for|--container migrate|job -- dev/);
    expect(queries().length).toBeLessThan(2);
    expect(queries().join()).not.toContain('"migrate"');
  });

  it("after one look for lines where nothing tells what failed", async () => {
    const { exitCode, stdout } = await play(stories.activationFails, patient, failedRun);
    expect(exitCode).toBe(10);
    expect(queries()).toHaveLength(1);
    expect(stdout).toContain('column "total" contains null values');
    expect(stdout).toContain("npm run job -- dev history --verbose\n");
  });

  it("at once with time over, whatever the migrator may still print", async () => {
    const { exitCode } = await play(stories.provisioningForEver, [...patient, "--timeout", "0.5"]);
    expect(exitCode).toBe(11);
    expect(queries()).toHaveLength(1);
  });

  it.each([
    ["the app's lines", stories.appFails, ["--container app --tail", "logs show .* --type system", "--image <fixed>"]],
    ["that container's lines", stories.otherInitFails, ["--container warm-up --tail"]],
    [
      "registry and identity",
      stories.provisioningFails,
      ["az acr repository show --name crschemagatedev --image schemagate:0.1.0\n", "AcrPull", "app --redeploy"],
    ],
    ["the app's lines, behind a probe", stories.probeFails, ["--container app --tail"]],
    ["which image is where", stories.imagesDiffer, ["containerapp show .* --query", "npm run deploy -- dev app\n"]],
    ["which revisions there are", stories.inactive, ["containerapp revision list .* --all"]],
  ])("and next comes what fits: %s", async (_, frames, commands) => {
    const { stdout } = await play(frames);
    const next = stdout.slice(stdout.indexOf("  next:\n"));
    for (const command of commands) expect(next).toMatch(new RegExp(command));
    expect(next).not.toContain("--container migrate");
  });

  it.each([
    [2, "npm run settings -- dev\n"],
    [4, "npm run job -- dev status\n"],
    [5, "az containerapp job execution list --name caj-schemagate-migrate "],
    [6, "npm run job -- dev history --verbose\n"],
    [7, "npm run job -- dev doctor\n"],
    [8, "npm run job -- dev status\n"],
    [99, "npm run job -- dev history --verbose\n"],
  ])("and next comes what fits the code of the migrator's line: %i", async (code, command) => {
    const line = JSON.stringify({ event: "failed", code: "some-code", message: "it failed", exitCode: code });
    const { stdout } = await play(stories.migratorFails, [], ["{}", line, "not JSON"]);
    expect(stdout.slice(stdout.indexOf("  next:\n"))).toContain(`    ${command}`);
    expect(stdout.includes("deploy -- dev app --image <fixed>")).toBe(![2, 5, 7].includes(code));
  });

  it("and says why before it waits for lines, and waits until they tell of the failure", async () => {
    let asked = 0;
    const frames = playFrames(stories.migratorFails);
    const lines = [[], failedRun.slice(0, 1), failedRun];
    const { stdout } = await gate((request) => {
      if (!request.path.endsWith("/query")) return frames(request);
      asked += 1;
      return playFrames(stories.migratorFails, lines[Math.min(asked, lines.length) - 1])(request);
    }, patient);
    const [verdict = "", reading = ""] = stdout.split("\n").filter((line) => /^✘|looking for/.test(line));
    expect(verdict).toMatch(/^✘ the gate holds: init container 'migrate' failed .* {2}\[migrator-crash-loop\]$/);
    expect(reading).toContain("looking for the migrator's lines, for up to 600 s");
    expect(stdout).toContain('column "total" contains null values');
    expect(asked).toBe(3);
  });

  it("and does not wait for more lines than a migrator printed that was killed", async () => {
    const { stdout } = await play(stories.migratorFails, patient, failedRun.slice(0, 1));
    expect(stdout).toContain("20260301090000_add_total");
    expect(queries()).toHaveLength(2);
  });

  it("and waits for lines that arrive late", async () => {
    let asked = 0;
    const frames = playFrames(stories.migratorFails);
    const late = playFrames(stories.migratorFails, failedRun);
    const { stdout } = await gate(
      (request) => {
        if (!request.path.endsWith("/query")) return frames(request);
        asked += 1;
        return asked < 2 ? frames(request) : late(request);
      },
      // Longer than any test: it ends with the lines.
      ["--log-wait", "600"],
    );
    expect(stdout).toContain("looking for the migrator's lines, for up to 600 s");
    expect(stdout).toContain('column "total" contains null values');
  });

  it("and deactivates the revision on request, which Azure is asked for once", async () => {
    const { exitCode, stdout } = await play(stories.migratorFails, ["--deactivate"]);
    expect(exitCode).toBe(10);
    expect(stdout).toContain(`${newRevision} is deactivated: it does not go on trying`);
    expect(azure.requests.filter(({ method, path }) => method === "POST" && path.endsWith("/deactivate"))).toHaveLength(
      1,
    );
  });

  it("and leaves a revision alone that may be serving", async () => {
    const { exitCode, stdout } = await play(stories.imagesDiffer, ["--deactivate"]);
    expect(exitCode).toBe(10);
    expect(stdout).toContain(
      `warning: ${newRevision} is not deactivated: it is the revision that Azure counts as ready`,
    );
    expect(azure.requests.some(({ path }) => path.endsWith("/deactivate"))).toBe(false);
  });

  it("and keeps its exit code when the revision cannot be deactivated", async () => {
    const frames = playFrames(stories.migratorFails);
    const { exitCode, stdout } = await gate(
      (request) =>
        request.path.endsWith("/deactivate")
          ? { status: 403, body: { error: { code: "AuthorizationFailed", message: "no right to deactivate" } } }
          : frames(request),
      ["--deactivate"],
    );
    expect(exitCode).toBe(10);
    expect(stdout).toContain(`warning: ${newRevision} could not be deactivated and goes on trying`);
  });

  it("only after as many restarts as were allowed", async () => {
    const { exitCode, stdout } = await play(stories.migratorFails, ["--max-restarts", "2"]);
    expect(exitCode).toBe(10);
    expect(stdout).toContain("restarted 2 times");
    await azure.stop();
    expect((await play(stories.migratorFails, ["--max-restarts", "4", "--timeout", "0.5"])).exitCode).toBe(11);
  });
});

describe("which revision the gate judges", () => {
  const before = sameImage(oldRevision);
  const trouble = [replica(crashLoop(3))];
  const failing = revision(newRevision, { healthState: "None", runningState: "Activating" });
  const judged = (stdout: string) => /^[✔✘].*/mu.exec(stdout)?.[0];

  it("INV-14: the one that the app calls its newest, although the list still lacks it", async () => {
    const { exitCode, stdout } = await play([
      { latestReady: oldRevision, latest: newRevision, revisions: [before], unlisted: [failing], replicas: trouble },
    ]);
    expect(exitCode).toBe(10);
    expect(judged(stdout)).toBe(`✘ the gate holds: ${containerApp}, revision ${newRevision}`);
  });

  it("INV-14: none, as long as Azure knows the newest by its name only", async () => {
    const frames = [{ latestReady: oldRevision, latest: newRevision, revisions: [before] }];
    const { exitCode, stdout } = await play(frames, ["--timeout", "0.5"]);
    expect(exitCode).toBe(11);
    expect(stdout).toContain(`  why: ${newRevision} is the newest revision, and Azure does not show it yet\n`);
    await azure.stop();
    const appears = { latestReady: newRevision, revisions: [before, revision(newRevision)] };
    expect(judged((await play([...frames, appears])).stdout)).toContain(
      `gate open: ${containerApp} runs ${newRevision}`,
    );
  });

  it("INV-14: none, as long as a change of the app is under way: the newest revision may be the one before", async () => {
    const changing = { latestReady: oldRevision, change: "InProgress", revisions: [before] };
    const { exitCode, stdout } = await play([changing], ["--timeout", "0.5"]);
    expect(exitCode).toBe(11);
    expect(stdout).toContain(
      "why: up, but a change of the app is under way (InProgress): a newer revision may follow\n",
    );
    await azure.stop();
    const changed = { latestReady: oldRevision, revisions: [before, failing], replicas: trouble };
    expect(judged((await play([changing, changed])).stdout)).toContain(`revision ${newRevision}`);
  });

  it("not an older one with the image, when somebody deployed another release since", async () => {
    const next = revision(nextRevision);
    const frames = [{ latestReady: nextRevision, revisions: [before, revision(newRevision), next] }];
    const { exitCode, stdout } = await play(frames, ["--timeout", "0.5"]);
    expect(exitCode).toBe(12);
    expect(stdout).toContain(
      `  why: ${newRevision} runs ${image} and is not the newest revision\n` +
        `  the newest revision, ${nextRevision}, runs crschemagatedev.azurecr.io/schemagate:0.0.9\n`,
    );
  });

  it("where several revisions are active, the newest of the image, whatever came behind it", async () => {
    const frames = [
      { latestReady: nextRevision, mode: "Multiple", revisions: [revision(newRevision), revision(nextRevision)] },
    ];
    const { exitCode, stdout } = await play(frames);
    expect(exitCode).toBe(0);
    expect(judged(stdout)).toContain(`runs ${newRevision}`);
  });

  it("where several revisions are active, none that is older than one which is about to appear", async () => {
    const frames = [{ latestReady: oldRevision, mode: "Multiple", latest: newRevision, revisions: [before] }];
    expect((await play(frames, ["--timeout", "0.5"])).exitCode).toBe(11);
  });

  it("a new one of the image, when the one with the image has failed before", async () => {
    const failed = sameImage(oldRevision, { runningState: "ActivationFailed", healthState: "Unhealthy" });
    const { exitCode, stdout } = await play([
      { latestReady: newRevision, latest: newRevision, revisions: [failed], unlisted: [revision(newRevision)] },
    ]);
    expect(exitCode).toBe(0);
    expect(judged(stdout)).toContain(`runs ${newRevision}`);
  });

  it("one of the image that it has been watching, even if the app names the one before for a moment", async () => {
    const up = { latestReady: newRevision, revisions: [old, revision(newRevision)] };
    const behind = { latestReady: oldRevision, latest: oldRevision, revisions: [old] };
    const activating = {
      latestReady: oldRevision,
      revisions: [old, revision(newRevision, { runningState: "Activating" })],
    };
    expect((await play([activating, behind, up])).exitCode).toBe(0);
  });
});

describe("there is no result in time", () => {
  it.each([
    ["provisioning goes on for ever", stories.provisioningForEver, "Provisioning, Activating, health unknown"],
    ["the revision stays degraded", stories.degraded, "Provisioned, Degraded, Unhealthy"],
  ])("when %s", async (_, frames, why) => {
    const { exitCode, stdout } = await play(frames, ["--timeout", "0.5"]);
    expect(exitCode).toBe(11);
    expect(stdout).toContain(`✘ no result in time: ${containerApp}, revision ${newRevision}\n  why: ${why}`);
    expect(stdout).toContain("[timed-out, exit 11]");
  });

  it("when no revision runs the image: what the newest runs, what is there, and how to make one", async () => {
    const { exitCode, stdout } = await play(stories.notDeployed, ["--timeout", "0.5"]);
    expect(exitCode).toBe(12);
    expect(stdout).toContain(
      `✘ not deployed: ${containerApp}\n  why: no revision runs ${image} yet\n` +
        `  the newest revision, ${oldRevision}, runs crschemagatedev.azurecr.io/schemagate:0.0.9\n`,
    );
    expect(stdout).toContain("npm run deploy -- dev app --redeploy");
  });

  it("when the app does not exist", async () => {
    const { exitCode, stderr } = await gate(() => undefined);
    expect(exitCode).toBe(12);
    expect(stderr).toContain(`there is no container app ${containerApp} in resource group rg-schemagate-dev: HTTP 404`);
    expect(stderr).toContain("[azure-not-found, exit 12]");
  });
});

describe("Azure has troubles of its own", () => {
  /** Answers as given the first times, then plays the story. */
  function troubled(times: number, trouble: Answer, frames: readonly Frame[] = stories.scaledToZero) {
    const story = playFrames(frames);
    let seen = 0;
    return (request: SeenRequest) => {
      seen += 1;
      return seen <= times ? trouble : story(request);
    };
  }

  it("a throttle is waited out, as long as Azure says", async () => {
    const { exitCode, stdout } = await gate(
      troubled(2, {
        status: 429,
        headers: { "retry-after": "1" },
        body: { error: { code: "TooManyRequests", message: "slow down" } },
      }),
    );
    expect(exitCode).toBe(0);
    expect(stdout.match(/slow down; trying again in 1 s, as it asks\n/g)).toHaveLength(2);
  });

  it("a pause that Azure asks for and that time does not allow is the end, and says so", async () => {
    const busy = { status: 503, headers: { "retry-after": "90" }, body: { error: { code: "Busy", message: "later" } } };
    const { exitCode, stdout } = await gate(troubled(99, busy), ["--timeout", "0.5"]);
    expect(exitCode).toBe(11);
    expect(azure.requests).toHaveLength(1);
    expect(stdout).toContain("Busy: later; trying again in 90 s, as it asks\n");
    expect(stdout).toContain("HTTP 503, Busy: later, and asks to wait 90 s\n");
  });

  it.each<[string, Answer]>([
    ["it is out of order", { status: 503, body: { error: { code: "ServiceUnavailable", message: "no" } } }],
    ["it throttles", { status: 429, body: { error: { code: "TooManyRequests", message: "no" } } }],
    ["it drops every connection", { fate: "dropped" }],
    ["it answers nothing", { fate: "held-back" }],
  ])("time is over even where %s: with what was seen last", async (_, trouble) => {
    const story = playFrames(stories.provisioningForEver);
    let looks = 0;
    const { exitCode, stdout } = await gate(
      (request) => {
        if (request.path.endsWith("/query")) return { body: { tables: [] } };
        if (request.path.endsWith(`/containerApps/${containerApp}`)) looks += 1;
        return looks > 1 ? trouble : story(request);
      },
      // Time enough for the first look, and for no more than some of the attempts.
      ["--timeout", "2", "--poll-interval", "0.5"],
    );
    expect(exitCode).toBe(11);
    expect(stdout).toContain(
      `✘ no result in time: ${containerApp}, revision ${newRevision}\n  why: Provisioning, Activating, health unknown; since then `,
    );
    expect(stdout).toContain("[timed-out, exit 11]");
  });

  it("time is over where it never said anything of the app: that is what is told", async () => {
    const trouble = { status: 503, body: { error: { code: "ServiceUnavailable", message: "no" } } };
    const { exitCode, stdout } = await gate(() => trouble, ["--timeout", "0.5", "--poll-interval", "1"]);
    expect(exitCode).toBe(11);
    expect(stdout).toContain(
      `✘ no result in time: ${containerApp}\n  why: container app ${containerApp} in resource group`,
    );
    expect(stdout).toContain("HTTP 503, ServiceUnavailable: no\n");
  });

  it("a token that expired is asked for again", async () => {
    azure = new FakeAzure(playFrames(stories.healthy));
    azure.expiredTokens.add("cli-1");
    await azure.start();
    const { exitCode, stdout } = await program(["gate", "dev", ...hasty], azure.variables());
    expect(exitCode).toBe(0);
    expect(stdout).toContain("token refused (HTTP 401, ExpiredAuthenticationToken: ");
    expect(new Set(azure.requests.map(({ token }) => token))).toEqual(new Set(["cli-1", "cli-2"]));
  });

  it("a token that stays refused is an error that says which rights are needed", async () => {
    azure = new FakeAzure(playFrames(stories.healthy));
    for (const number of [1, 2, 3, 4, 5]) azure.expiredTokens.add(`cli-${number}`);
    await azure.start();
    const { exitCode, stderr } = await program(["gate", "dev", ...hasty], azure.variables());
    expect(exitCode).toBe(7);
    expect(stderr).toContain("[azure-denied, exit 7]");
    expect(stderr).not.toContain("cli-1");
  });

  it("a right that is missing is an error that names it", async () => {
    const { exitCode, stderr } = await gate(() => ({
      status: 403,
      body: { error: { code: "AuthorizationFailed", message: "The client does not have authorization" } },
    }));
    expect(exitCode).toBe(7);
    expect(stderr).toContain("Give it the role Container Apps Contributor on the resource group");
  });

  it("an answer that is nobody's fault is asked for again", async () => {
    const { exitCode } = await gate(
      troubled(1, { status: 409, body: { error: { code: "ContainerAppOperationInProgress", message: "wait" } } }),
    );
    expect(exitCode).toBe(0);
  });

  it("a revision whose replicas it does not know yet is looked at again", async () => {
    const story = playFrames(stories.healthy);
    let seen = 0;
    const { exitCode } = await gate((request) => {
      if (!request.path.endsWith("/replicas")) return story(request);
      seen += 1;
      return seen === 1
        ? { status: 404, body: { error: { code: "RevisionNotFound", message: "not yet" } } }
        : story(request);
    });
    expect(exitCode).toBe(0);
  });

  it("nobody signed in is an error that says how to", async () => {
    const { exitCode, stderr } = await gate(playFrames(stories.healthy), [], {
      FAKE_CLI_FAIL: "account get-access-token",
    });
    expect(exitCode).toBe(7);
    expect(stderr).toContain("cannot sign in to Azure to read container app");
    expect(stderr).toContain("[azure-no-credential, exit 7]");
  });

  it("no subscription is an error that says where to name one", async () => {
    const { exitCode, stderr } = await gate(playFrames(stories.healthy), [], { ARM_SUBSCRIPTION_ID: "" });
    expect(exitCode).toBe(2);
    expect(stderr).toContain(
      "subscription (missing): neither settings, ARM_SUBSCRIPTION_ID nor the Azure CLI names one.",
    );
  });
});

describe("for machines", () => {
  it("it prints JSON lines, the last with the result", async () => {
    const { exitCode, stdout } = await play(stories.migratorFails, ["--json"], failedRun);
    expect(exitCode).toBe(10);
    expect(jsonLines(stdout).map(({ event }) => event)).toEqual(["gate-revision", "gate-waiting", "gate"]);
    expect(jsonLines(stdout).at(-1)).toMatchObject({
      event: "gate",
      outcome: "held",
      code: "migrator-crash-loop",
      app: containerApp,
      image,
      revision: newRevision,
      serving: oldRevision,
      exitCode: 10,
      lines: failedRun,
      deactivated: false,
    });
  });

  it("its errors are JSON lines, too", async () => {
    const { exitCode, stderr } = await gate(() => undefined, ["--json"]);
    expect(exitCode).toBe(12);
    expect(JSON.parse(stderr)).toMatchObject({ event: "failed", code: "azure-not-found", exitCode: 12 });
  });

  it("it adds its end to the summary of a GitHub workflow", async () => {
    const file = join(makeDirectory(), "summary.md");
    await gate(playFrames(stories.migratorFails, failedRun), [], { GITHUB_STEP_SUMMARY: file });
    const summary = readFileSync(file, "utf8");
    expect(summary).toContain(`### ⛔ The gate holds: ${containerApp}`);
    expect(summary).toContain(`| still serving | \`${oldRevision}\` |`);
    expect(summary).toContain('error: migration 20260301090000_add_total failed: column "total" contains null values');
    expect(summary).toContain("- `npm run job -- dev status`: how each migration stands in the database");
  });
});

describe("the image", () => {
  const other = `shop.example/shop@sha256:${"0a".repeat(32)}`;
  const ready = revision(newRevision, {}, { migrate: { image: other }, app: { image: other } });

  it("is the one on the command line, then the one of the variables", async () => {
    const frames = [{ latestReady: newRevision, revisions: [ready] }];
    expect((await play(frames, ["--image", other])).exitCode).toBe(0);
    await azure.stop();
    expect((await gate(playFrames(frames), [], { SCHEMAGATE_IMAGE: other })).exitCode).toBe(0);
  });
});
