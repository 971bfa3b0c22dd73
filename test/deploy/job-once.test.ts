import { type Answer, FakeAzure, type SeenRequest, trust } from "./fake-azure";
import { type JobStory, migrationJob, playJob } from "./job-stories";
import { useWarmProgram } from "./support";

// A job is started exactly once, whatever Azure answers; each test runs the whole command, with the real SDKs.

const program = useWarmProgram(trust);

let azure: FakeAzure;
afterEach(() => azure.stop());

const execution = `${migrationJob}-ab12cde`;
const flags = ["--poll-interval", "0.02", "--log-wait", "0"];

async function down(
  story: Partial<JobStory>,
  play?: (request: SeenRequest) => Answer | undefined,
  args: readonly string[] = ["down"],
) {
  const job = playJob({ statuses: ["Running", "Succeeded"], ...story });
  azure = new FakeAzure((request) => play?.(request) ?? job(request));
  await azure.start();
  return program(["job", ...flags, "dev", ...args], azure.variables());
}

const starts = () => azure.requests.filter(({ path }) => path.endsWith("/start"));
const error = (status: number, code: string, headers = {}): Answer => ({
  status,
  headers,
  body: { error: { code, message: "it went wrong" } },
});

const lost: [string, Answer][] = [
  ["504", error(504, "GatewayTimeout")],
  ["500", error(500, "InternalServerError")],
  ["502", error(502, "BadGateway")],
  ["503", error(503, "ServiceUnavailable")],
  ["503 that asks to come again", error(503, "ServiceUnavailable", { "retry-after": "0" })],
  ["408", error(408, "RequestTimeout")],
  ["a dropped connection", { fate: "dropped" }],
  ["an answer that is no JSON", { fate: "garbled" }],
  ["an answer without a name", { status: 202, body: {} }],
];

describe.each(lost)("a start that was done and answered with %s", (_, answer) => {
  it.each([0, 1, 2])(
    "is not sent again: the execution that began is followed, with lists %i looks behind",
    async (behind) => {
      const { exitCode, stdout } = await down({ starts: [answer], behind });
      expect(exitCode).toBe(0);
      expect(starts()).toHaveLength(1);
      expect(stdout).toContain(`▸ ${migrationJob} started as ${execution}: down\n`);
    },
  );
});

it("follows the execution that a start names, although the operation behind it cannot be read", async () => {
  const location = { location: "https://127.0.0.1:1/operations/1" };
  const { exitCode } = await down({ starts: [{ status: 202, headers: location }] });
  expect(exitCode).toBe(0);
  expect(starts()).toHaveLength(1);
});

it("INV-27: says that it is unclear, and starts no other, when none began", async () => {
  const before = [{ name: `${migrationJob}-older`, args: ["down"] }];
  const { exitCode, stdout, stderr } = await down({
    starts: [{ ...error(504, "GatewayTimeout"), undone: true }],
    before,
  });
  expect({ exitCode, starts: starts().length }).toEqual({ exitCode: 7, starts: 1 });
  expect(stdout).not.toContain("started as");
  expect(stderr).toContain(
    `Azure does not say whether it started job ${migrationJob} in resource group rg-schemagate-dev`,
  );
  expect(stderr).toContain("HTTP 504, GatewayTimeout");
  expect(stderr).toContain(
    `az containerapp job execution list --name ${migrationJob} --resource-group rg-schemagate-dev`,
  );
  expect(stderr).toContain("[job-start-unclear, exit 7]");
});

it("takes no execution for its own that the list only lacked before", async () => {
  const before = [{ name: `${migrationJob}-older`, args: ["down"] }];
  const { exitCode } = await down({ starts: [{ ...error(504, "GatewayTimeout"), undone: true }], before, behind: 1 });
  expect({ exitCode, starts: starts().length }).toEqual({ exitCode: 7, starts: 1 });
});

it("tells its own execution from another one's by the arguments", async () => {
  const meanwhile = [{ name: `${migrationJob}-other`, args: ["status"] }];
  const { exitCode, stdout } = await down({ starts: [error(500, "InternalServerError")], meanwhile });
  expect({ exitCode, starts: starts().length }).toEqual({ exitCode: 0, starts: 1 });
  expect(stdout).toContain(`started as ${execution}`);
});

it("tells its own execution by the job's own arguments, where it was given none", async () => {
  const meanwhile = [{ name: `${migrationJob}-other`, args: ["down"] }];
  const { exitCode, stdout } = await down({ starts: [{ fate: "dropped" }], meanwhile }, undefined, []);
  expect({ exitCode, starts: starts().length }).toEqual({ exitCode: 0, starts: 1 });
  expect(stdout).toContain(`started as ${execution}\n`);
});

it.each([
  ["with the same arguments", ["down"]],
  ["with arguments that Azure does not tell", undefined],
])("refuses to guess when another began at the same moment %s", async (_, args) => {
  const meanwhile = [{ name: `${migrationJob}-other`, args }];
  const { exitCode, stderr } = await down({ starts: [{ fate: "dropped" }], meanwhile });
  expect({ exitCode, starts: starts().length }).toEqual({ exitCode: 7, starts: 1 });
  expect(stderr).toContain(`${execution}, ${migrationJob}-other began at the same time`);
});

it.each<[string, Answer]>([
  ["a throttle", error(429, "TooManyRequests", { "retry-after": "0" })],
  ["a conflict with a change under way", error(409, "ContainerAppOperationInProgress")],
])("sends a start again that %s refused", async (_, answer) => {
  const { exitCode, stdout } = await down({ starts: [{ ...answer, undone: true }] });
  expect({ exitCode, starts: starts().length }).toEqual({ exitCode: 0, starts: 2 });
  expect(stdout).toContain("trying again");
});

it("sends a start again whose token was refused", async () => {
  const denied = error(401, "ExpiredAuthenticationToken");
  const { exitCode } = await down({ starts: [{ ...denied, undone: true }] });
  expect({ exitCode, starts: starts().length }).toEqual({ exitCode: 0, starts: 2 });
});

it("sends a start once that is refused for good", async () => {
  const { exitCode, stderr } = await down({ starts: [{ ...error(400, "InvalidRequest"), undone: true }] });
  expect({ exitCode, starts: starts().length }).toEqual({ exitCode: 7, starts: 1 });
  expect(stderr).toContain("HTTP 400, InvalidRequest: it went wrong");
});

it("starts a job whose executions it may not list, and does not guess when the answer is lost", async () => {
  const denied = ({ path }: SeenRequest) =>
    path.endsWith("/executions") ? error(403, "AuthorizationFailed") : undefined;
  expect((await down({}, denied)).exitCode).toBe(0);
  await azure.stop();
  const { exitCode } = await down({ starts: [{ fate: "dropped" }] }, denied);
  expect({ exitCode, starts: starts().length }).toEqual({ exitCode: 7, starts: 1 });
});

it("follows an execution that Azure does not know by its name yet", async () => {
  expect((await down({ unknownFor: 2 })).exitCode).toBe(0);
});
