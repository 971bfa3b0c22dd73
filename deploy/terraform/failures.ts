/** The stack 'platform' has no state, or one from before what the others ask it for. */
const platformMissing = /Unable to find remote state|This object does not have an attribute named/;

/** What Terraform says, and what a person does about it: the first that fits counts. */
const known: readonly (readonly [RegExp, string])[] = [
  [
    /Backend configuration changed/,
    "The state's place, or the subscription it is in, is another one than at the last run (settings 'state' and " +
      "'subscriptionId'). Run the same command with '-- --migrate-state': the state is copied where that is needed.",
  ],
  [
    /Failed to get existing workspaces|ContainerNotFound/,
    "The state's storage is not there, or whoever deploys may not read it: 'npm run state -- <environment>' prints the commands " +
      "that make it and give the right, --apply runs them. A new right takes some minutes to be known everywhere.",
  ],
  [
    /Instance cannot be destroyed/,
    "'production' protects it: Terraform does not even plan to destroy or replace it. Put the setting back that asks for " +
      "it. To take the environment away: npm run destroy -- <environment>.",
  ],
  [
    /Error acquiring the state lock/,
    "Somebody else deploys, or a deployment was cut off: wait for it; when none is running, 'terraform force-unlock <id>' " +
      "in the stack's directory, with the id printed above.",
  ],
  [
    /ScopeLocked/,
    "A lock 'do-not-delete' covers what is to be deleted, and this state does not know that it belongs before it yet: run " +
      "the same command again; if that does not help, remove the lock ('az lock delete'), and run it again: it comes back.",
  ],
  [platformMissing, "The stack 'platform' has not been deployed yet, or not with these settings: deploy it first."],
];

const otherwise =
  "What it printed above says why. What was applied stays and is in the state: mend it and run the same command again. " +
  "docs/runbook.md has what Terraform cannot mend by itself.";

/** @returns what to do about a failure of cdktf or Terraform. */
export function hintFor(output: string): string {
  return known.find(([pattern]) => pattern.test(output))?.[1] ?? otherwise;
}

/** Whether a stack could not be planned because the ones before it were never deployed. */
export function needsPlatform(output: string): boolean {
  return platformMissing.test(output);
}
