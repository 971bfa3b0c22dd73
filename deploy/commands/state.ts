import { spawnSync } from "node:child_process";
import type { Command } from "commander";
import { InvalidArgumentError } from "commander";
import { ConfigurationError } from "../../infra/errors";
import { exitCodes, SchemagateError } from "../../migrator/errors";
import { requireAzureCli } from "../azure-cli";
import type { Context } from "../context";
import { type StateCommand, type StatePrincipal, stateCommands, toShell } from "../state/commands";
import { findSubscription, readTarget } from "../target";

interface Flags {
  readonly apply?: boolean;
  readonly principal: readonly StatePrincipal[];
}

export function addState(program: Command, context: Context): void {
  program
    .command("state")
    .description("print the commands that create the storage account of the state; with --apply run them")
    .argument("[environment]", "one of infra/settings/*.ts")
    .option(
      "--principal <who>",
      "who deploys, as [User:|Group:]<object id>, a pipeline's identity without a prefix; may be given several times " +
        "(default: who is signed in to the Azure CLI)",
      collect,
      [],
    )
    .option("--apply", "run them with the Azure CLI")
    .action((environment: string | undefined, { apply, principal }: Flags) => {
      const target = readTarget(environment);
      const { state } = target.settings;
      if (state.backend === "local") {
        context.print(
          `# ${target.environment} keeps its state in local files: terraform.${target.environment}.<stack>.tfstate`,
        );
        return;
      }
      if (apply) requireAzureCli("--apply runs the commands with it");
      const subscriptionId = findSubscription(target, context.env);
      const principals =
        principal.length > 0 ? principal : [{ type: "User" as const, objectId: signedIn(apply ?? false) }];
      const commands = stateCommands(state, { settings: target.settings, subscriptionId, principals });
      for (const command of commands) {
        context.print(`# ${command.about}\n${toShell(command)}`);
        if (apply) execute(command);
      }
    });
}

const whoIsSignedIn = ["ad", "signed-in-user", "show", "--query", "id", "--output", "tsv"];

/** Who is signed in; for a script, the command that tells it. */
function signedIn(apply: boolean): string {
  if (!apply) return `$(az ${whoIsSignedIn.join(" ")})`;
  const { stdout, status } = spawnSync("az", whoIsSignedIn, {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
    shell: process.platform === "win32",
  });
  if (status === 0 && stdout.trim() !== "") return stdout.trim();
  throw new ConfigurationError(
    "principal (missing): the Azure CLI does not tell who is signed in. Name who deploys with --principal <object id>, or " +
      "run 'az login'",
  );
}

function execute(command: StateCommand): void {
  const { status } = spawnSync("az", [...command.arguments, "--output", "none"], {
    stdio: ["ignore", "inherit", "inherit"],
    shell: process.platform === "win32",
  });
  if (status === 0) return;
  throw new SchemagateError({
    code: "state-failed",
    message: `${toShell(command)} failed with ${status}`,
    hint:
      "What it printed above says why; the commands before it are done. Whoever runs this needs the roles Contributor and " +
      "User Access Administrator on the subscription. Run it again: what is there already stays.",
    exitCode: exitCodes.deployFailed,
  });
}

const principalForm = /^(?:(User|Group|ServicePrincipal):)?([0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})$/;

function collect(value: string, previous: readonly StatePrincipal[]): readonly StatePrincipal[] {
  const [, type = "ServicePrincipal", objectId] = principalForm.exec(value) ?? [];
  if (objectId === undefined) {
    throw new InvalidArgumentError(
      "Must be an object id, 8-4-4-4-12 hexadecimal digits, perhaps behind User: or Group:.",
    );
  }
  return [...previous, { type: type as StatePrincipal["type"], objectId: objectId.toLowerCase() }];
}
