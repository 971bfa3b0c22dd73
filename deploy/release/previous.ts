import { appContainerName } from "../../infra/container-names";
import { exitCodes, SchemagateError } from "../../migrator/errors";
import type { AppFacts, RevisionFacts } from "../gate/facts";

/** A revision to go back to. */
export interface Previous {
  readonly revision: string;
  readonly image: string;
}

/**
 * Finds the release before the one that was deployed last: the newest revision with another image that Azure had up once.
 *
 * @throws SchemagateError exit 12 when none is left.
 */
export function findPrevious(containerApp: string, app: AppFacts, revisions: readonly RevisionFacts[]): Previous {
  const byAge = [...revisions].sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime());
  const last = byAge.find(({ name }) => name === app.latestRevision) ?? byAge[0];
  const others = byAge.filter(({ createdAt, ...other }) => {
    return last !== undefined && createdAt < last.createdAt && imageOf(other) !== imageOf(last);
  });
  const found = others.find(({ name }) => name === app.latestReadyRevision) ?? others.find(wasUp);
  const image = found && imageOf(found);
  if (found !== undefined && image !== undefined) return { revision: found.name, image };
  throw new SchemagateError({
    code: "no-previous",
    message: `${containerApp} has no revision with another image than ${last && imageOf(last)} that was ever up`,
    hint: "Name the release to go back to: --to sha256:… or --image <reference>.",
    exitCode: exitCodes.notDeployed,
  });
}

/** As far as Azure still knows: of a revision that was taken down it keeps little. */
function wasUp({ provisioningState, healthState }: RevisionFacts): boolean {
  return provisioningState === "Provisioned" && healthState !== "Unhealthy";
}

function imageOf({ containers }: Pick<RevisionFacts, "containers">): string | undefined {
  return containers.find(({ name }) => name === appContainerName)?.image;
}
