import { appContainerName } from "../../infra/container-names";
import type { AppFacts, RevisionFacts } from "./facts";

/** What a release looks like. */
export interface Release {
  /** Image of app and migrator: every name that it goes by, tag and digest say. People are told the first. */
  readonly images: readonly [string, ...string[]];
  /** Value of SCHEMAGATE_REDEPLOY, for a release that repeats an image. */
  readonly redeployToken?: string;
  /**
   * Revision that was the newest before a deployment that makes another one. Azure may name it for a while yet.
   * @default - none: the release may be deployed already
   */
  readonly follows?: string;
}

/**
 * The revision that a release is judged by: the one with its mark, or the newest one of the app, if that runs its image.
 * An older one with the image tells nothing of this release; where several revisions are active, it may be it.
 */
export function findRevision(
  app: AppFacts,
  revisions: readonly RevisionFacts[],
  release: Release,
): RevisionFacts | undefined {
  const own = revisionsOf(revisions, release);
  if (release.redeployToken !== undefined) return own[0];
  const newest = newestOf(app, revisions);
  if (newest?.name === release.follows && newest !== undefined) return undefined;
  if (newest === undefined || own.includes(newest)) return newest;
  return isSingle(app) ? undefined : own[0];
}

/** All that run a release, the newest first. */
export function revisionsOf(revisions: readonly RevisionFacts[], release: Release): RevisionFacts[] {
  return revisions
    .filter((revision) => isOf(revision, release))
    .sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime());
}

/** The newest revision by the app's own word: a list of revisions may be behind it. */
export function newestOf(app: AppFacts, revisions: readonly RevisionFacts[]): RevisionFacts | undefined {
  return revisions.find(({ name }) => name === app.latestRevision);
}

/** Whether only the newest revision gets requests. */
export function isSingle({ revisionMode }: AppFacts): boolean {
  return revisionMode.toLowerCase() === "single";
}

/** Image of a revision's app container. */
export function imageOf({ containers }: RevisionFacts): string | undefined {
  return containers.find(({ name }) => name === appContainerName)?.image;
}

function isOf(revision: RevisionFacts, { images, redeployToken }: Release): boolean {
  const app = revision.containers.find(({ name }) => name === appContainerName);
  if (app === undefined || !images.includes(app.image)) return false;
  return redeployToken === undefined || app.variables.SCHEMAGATE_REDEPLOY === redeployToken;
}
