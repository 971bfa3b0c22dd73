import { appContainerName, migrateContainerName } from "../../infra/container-names";
import { exitCodes } from "../../migrator/errors";
import type { Failure } from "../azure/last-failure";
import type { AppAddress } from "../azure/read-app";
import type { NextStep } from "../events";
import type { Target } from "../target";
import type { GateFacts } from "./facts";
import type { Release } from "./find-revision";
import type { Verdict } from "./judge";
import { cannotPull, suspectOf } from "./suspect";

/** What a gate looked at. */
interface Place extends AppAddress, Release {
  readonly target: Target;
}

/**
 * What somebody does next, by what really failed.
 *
 * @param failure that the migrator's lines tell of.
 */
export function nextSteps(place: Place, verdict: Verdict, facts: GateFacts, failure?: Failure): NextStep[] {
  const steps = stepsAt(place, facts);
  switch (verdict.state) {
    case "open":
      return [];
    case "absent":
      return [steps.revisions, steps.redeploy("when Azure dropped a deployment that Terraform believes in")];
    case "waiting":
      if (facts.revision === undefined) return [steps.app, steps.again("look again, once Azure answers")];
      return [...suspectSteps(steps, suspectOf(verdict, facts)), steps.again("look again"), ...steps.stop];
    case "held":
      return heldSteps(place, verdict, facts, failure);
  }
}

type Steps = ReturnType<typeof stepsAt>;

function heldSteps(
  place: Place,
  verdict: Extract<Verdict, { state: "held" }>,
  facts: GateFacts,
  failure: Failure | undefined,
): NextStep[] {
  const steps = stepsAt(place, facts);
  const suspect = suspectOf(verdict, facts);
  switch (verdict.code) {
    case "images-differ":
      return [steps.images, steps.deploy("app and migrator with one image again")];
    case "revision-inactive":
      return [steps.revisions, steps.redeploy("when nobody replaced it on purpose")];
    case "provisioning-failed":
    case "activation-failed":
      if (cannotPull(verdict.why)) return [...pullSteps(place, steps), ...steps.stop];
  }
  if (suspect === migrateContainerName && failure !== undefined) {
    return [steps.logs(migrateContainerName), ...failureSteps(steps, failure), ...steps.stop];
  }
  return [...suspectSteps(steps, suspect), ...steps.stop, steps.fixed("once it is mended")];
}

/** A container that did not get ready and does not say why, or not in words that can be read. */
function suspectSteps(steps: Steps, suspect: string | undefined): NextStep[] {
  if (suspect !== migrateContainerName) return [steps.logs(suspect ?? appContainerName), steps.events];
  return [steps.logs(suspect), steps.status, steps.history, steps.events];
}

/** By the code that the migrator ended with: docs/exit-codes.md. */
function failureSteps(steps: Steps, { exitCode }: Failure): NextStep[] {
  switch (exitCode) {
    case exitCodes.usage:
      return [steps.settings, steps.doctor, steps.deploy("once the setting is mended")];
    case exitCodes.lockWait:
      return [steps.doctor, steps.executions, steps.again("once the lock is free: Azure starts it again by itself")];
    case exitCodes.connection:
      return [steps.doctor, steps.again("once the database can be reached: Azure starts it again by itself")];
    case exitCodes.refused:
      return [steps.status, steps.fixed("once source and ledger agree")];
    case exitCodes.migrationFailed:
    case exitCodes.partial:
      return [steps.status, steps.history, steps.fixed("once the migration is mended")];
    default:
      return [steps.status, steps.history, steps.events, steps.fixed("once it is mended")];
  }
}

/** Nothing of the image ever ran: registry, name and identity are what can be wrong. */
function pullSteps({ images: [image], target, resourceGroup, containerApp }: Place, steps: Steps): NextStep[] {
  const own = `${target.registry}.azurecr.io/`;
  const show = image.startsWith(own)
    ? `az acr repository show --name ${target.registry} --image ${image.slice(own.length)}`
    : `docker manifest inspect ${image}`;
  return [
    { command: show, about: "whether the registry has the image" },
    {
      command: `az containerapp registry list --name ${containerApp} --resource-group ${resourceGroup}`,
      about: "which identity pulls from which registry; it needs the role AcrPull there, and a new role takes minutes",
    },
    steps.events,
    steps.redeploy("once it can be pulled"),
  ];
}

function stepsAt({ target, containerApp, resourceGroup, images: [image] }: Place, { app, revision }: GateFacts) {
  const { environment } = target;
  const at = `--name ${containerApp} --resource-group ${resourceGroup}`;
  const step = (command: string, about: string): NextStep => ({ command, about });
  const job = (command: string, about: string) => step(`npm run job -- ${environment} ${command}`, about);
  const deploy = (flags: string) => (about: string) => step(`npm run deploy -- ${environment} app${flags}`, about);
  const isServing = revision !== undefined && app.latestReadyRevision === revision.name;
  const stop = step(
    `az containerapp revision deactivate ${at} --revision ${revision?.name}`,
    "stop it trying again in the background",
  );
  return {
    app: step(`az containerapp show ${at}`, "how Azure sees the app"),
    revisions: step(`az containerapp revision list ${at} --all --output table`, "what is there, and with which image"),
    images: step(
      `az containerapp show ${at} --query "properties.template.[initContainers, containers][][].{name: name, image: image}"`,
      "which container has which image",
    ),
    logs: (container: string) =>
      step(
        `az containerapp logs show ${at} --revision ${revision?.name} --container ${container} --tail 100`,
        container === migrateContainerName
          ? "what the migrator prints now"
          : `what container '${container}' prints now`,
      ),
    events: step(
      `az containerapp logs show ${at} --type system --tail 100`,
      "what the platform says: images, probes, containers that were killed",
    ),
    status: job("status", "how each migration stands in the database"),
    history: job("history --verbose", "every run with its error, also of replicas whose lines got lost"),
    doctor: job("doctor", "what is wrong with server, network, role or lock"),
    executions: step(
      `az containerapp job execution list --name ${target.migrationJob} --resource-group ${resourceGroup} --output table`,
      "whether a job runs that holds the lock: then wait for it",
    ),
    settings: step(`npm run settings -- ${environment}`, "what the environment's settings come to"),
    again: (about: string) => step(`npm run gate -- ${environment} --image ${image}`, about),
    deploy: deploy(""),
    redeploy: deploy(" --redeploy"),
    fixed: deploy(" --image <fixed>"),
    /** What may be serving is left alone. */
    stop: revision === undefined || isServing ? [] : [stop],
  };
}
