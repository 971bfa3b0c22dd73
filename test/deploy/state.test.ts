import { FakeAzure, subscriptionId } from "./fake-azure";
import { useWarmProgram } from "./support";

const program = useWarmProgram();

let azure: FakeAzure;
beforeEach(async () => {
  azure = new FakeAzure(() => undefined);
  await azure.start();
});
afterEach(() => azure.stop());

const state = (args: readonly string[], variables: Record<string, string> = {}) =>
  program(["state", ...args], { ...azure.variables(), ...variables });

const principal = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee";
const scope =
  `/subscriptions/${subscriptionId}/resourceGroups/rg-schemagate-state/providers/Microsoft.Storage/storageAccounts/` +
  "stschemagatestate/blobServices/default/containers/tfstate";
const at = `--subscription ${subscriptionId}`;
const tags = "--tags project=schemagate environment=shared managed-by=cdktf";

const expected = (who: string) => [
  `az group create --name rg-schemagate-state --location westeurope ${tags} ${at}`,
  "az storage account create --name stschemagatestate --resource-group rg-schemagate-state --location westeurope --kind " +
    "StorageV2 --sku Standard_ZRS --min-tls-version TLS1_2 --https-only true --allow-shared-key-access false " +
    `--allow-blob-public-access false ${tags} ${at}`,
  "az storage account blob-service-properties update --account-name stschemagatestate --resource-group " +
    "rg-schemagate-state --enable-versioning true --enable-delete-retention true --delete-retention-days 30 " +
    `--enable-container-delete-retention true --container-delete-retention-days 30 ${at}`,
  "az storage container-rm create --name tfstate --storage-account stschemagatestate --resource-group " +
    `rg-schemagate-state --public-access off ${at}`,
  `az role assignment create --role 'Storage Blob Data Contributor' ${who} --scope ${scope} ${at}`,
  "az lock create --name do-not-delete --lock-type CanNotDelete --resource-group rg-schemagate-state --resource-name " +
    `stschemagatestate --resource-type Microsoft.Storage/storageAccounts ${at}`,
];

const commandsIn = (stdout: string) => stdout.split("\n").filter((line) => line.startsWith("az "));

it("prints a script that makes the account without keys, for who is signed in, and runs nothing", async () => {
  const { exitCode, stdout } = await state(["prod"]);
  expect(exitCode).toBe(0);
  const who =
    '--assignee-object-id "$(az ad signed-in-user show --query id --output tsv)" --assignee-principal-type User';
  expect(commandsIn(stdout)).toEqual(expected(who));
  expect(azure.cliCalls).toEqual([]);
});

it("runs the same commands on request", async () => {
  const { exitCode, stdout } = await state(["prod", "--apply"]);
  expect(exitCode).toBe(0);
  const who = "--assignee-object-id 99999999-8888-7777-6666-555555555555 --assignee-principal-type User";
  expect(commandsIn(stdout)).toEqual(expected(who));
  const changing = azure.cliCalls.filter((call) => call !== "version" && !call.startsWith("ad "));
  expect(changing).toEqual(
    expected(who).map((command) => `${command.slice("az ".length).replaceAll("'", "")} --output none`),
  );
});

it("gives rights to whom it is told: pipelines, groups, people", async () => {
  const { stdout } = await state(["staging", "--principal", principal, "--principal", `Group:${principal}`]);
  expect(commandsIn(stdout).filter((command) => command.includes("role assignment"))).toEqual([
    expect.stringContaining(`--assignee-object-id ${principal} --assignee-principal-type ServicePrincipal`),
    expect.stringContaining(`--assignee-object-id ${principal} --assignee-principal-type Group`),
  ]);
});

it("stops at the first command that fails, and says which rights are needed", async () => {
  const { exitCode, stderr } = await state(["prod", "--apply"], { FAKE_CLI_FAIL: "storage account create" });
  expect(exitCode).toBe(9);
  expect(stderr).toContain("Contributor and User Access Administrator on the subscription");
  expect(azure.cliCalls.some((call) => call.startsWith("storage container-rm"))).toBe(false);
});

it("fails when nobody is signed in and nobody is named", async () => {
  const { exitCode, stderr } = await state(["prod", "--apply"], { FAKE_CLI_FAIL: "ad signed-in-user" });
  expect(exitCode).toBe(2);
  expect(stderr).toContain("principal (missing): the Azure CLI does not tell who is signed in.");
});

it("fails when a principal is no object id", async () => {
  const { exitCode, stderr } = await state(["prod", "--principal", "me"]);
  expect(exitCode).toBe(2);
  expect(stderr).toContain("Must be an object id");
});

it("fails when the Azure CLI is missing and is to run them", async () => {
  const { exitCode, stderr } = await state(["prod", "--apply"], { PATH: "/nowhere" });
  expect(exitCode).toBe(2);
  expect(stderr).toContain("az (not on PATH): --apply runs the commands with it.");
});

it("has nothing to do for a local state", async () => {
  const { exitCode, stdout } = await state(["dev"]);
  expect(exitCode).toBe(0);
  expect(stdout).toBe("# dev keeps its state in local files: terraform.dev.<stack>.tfstate\n");
});
