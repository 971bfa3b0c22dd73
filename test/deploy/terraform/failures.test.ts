import { hintFor, needsPlatform } from "../../../deploy/terraform/failures";

it.each([
  ["Error: Backend configuration changed", "Run the same command with '-- --migrate-state'"],
  [
    "Error: Failed to get existing workspaces: ContainerNotFound",
    "'npm run state -- <environment>' prints the commands",
  ],
  ["Error: Error acquiring the state lock", "terraform force-unlock"],
  ["Error: Instance cannot be destroyed", "'production' protects it"],
  ["409 Conflict with error: ScopeLocked", "run the same command again"],
  ["Error: Unable to find remote state", "The stack 'platform' has not been deployed yet"],
  ['This object does not have an attribute named "x".', "The stack 'platform' has not been deployed yet"],
  ["Error: the quota is used up", "What it printed above says why"],
])("%s: the message says what to do", (said, hint) => {
  expect(hintFor(`platform  ╷\n  │ ${said}\n`)).toContain(hint);
});

it.each([
  ["Error: Unable to find remote state", true],
  ["Error: Backend configuration changed", false],
])("knows a stack that waits for the platform: %s", (said, expected) => {
  expect(needsPlatform(said)).toBe(expected);
});
