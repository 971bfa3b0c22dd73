import type { Problem } from "../../migrator/errors";
import { shortChecksum } from "../../migrator/source/checksum";
import { compareNames, hasChecksum, type Migration, type Source } from "../../migrator/source/migration";

/** The migrations of a branch and of the one that it is to be merged into. */
export interface Histories {
  /** As they are in the working copy. */
  readonly current: Source;
  /** As they were where the branches parted. */
  readonly parted: Source;
  /** As they are on the other branch now: others may have been merged meanwhile. */
  readonly base: Source;
}

/**
 * Finds what would not be one line of history after the merge: migrations that come in front of ones that are there
 * already, and files that were edited, renamed or deleted although databases may have them.
 *
 * @param baseName name of the other branch, for messages.
 */
export function historyProblems({ current, parted, base }: Histories, baseName: string): Problem[] {
  const [now, then, there] = [byName(current), byName(parted), byName(base)];
  const newest = base.migrations
    .map(({ name }) => name)
    .sort(compareNames)
    .at(-1);
  const changed = parted.migrations.flatMap((old): Problem[] => {
    const mine = now.get(old.name);
    if (!mine) {
      return there.has(old.name) ? [deleted(old, baseName)] : [];
    }
    const theirs = there.get(old.name);
    const isTheirs = theirs !== undefined && hasChecksum(mine, theirs.checksum);
    return hasChecksum(mine, old.checksum) || isTheirs ? [] : [edited(mine, old, baseName)];
  });
  const added = current.migrations.filter(({ name }) => !then.has(name) && !there.has(name));
  const late = added.filter(({ name }) => newest !== undefined && compareNames(name, newest) < 0);
  return [...changed, ...late.map((migration) => outOfOrder(migration, newest ?? "", baseName))];
}

function byName({ migrations }: Source): Map<string, Migration> {
  return new Map(migrations.map((migration) => [migration.name, migration]));
}

function edited({ name, file, checksum }: Migration, old: Migration, baseName: string): Problem {
  return {
    code: "edited-since-base",
    message: `${file}: ${name} is on ${baseName} and was edited here (there ${shortChecksum(old.checksum)}, here ${shortChecksum(checksum)})`,
    hint: "Databases that have it would refuse it: restore the file and write a new migration.",
  };
}

function deleted({ name, file }: Migration, baseName: string): Problem {
  return {
    code: "deleted-since-base",
    message: `${file}: ${name} is on ${baseName} and was deleted or renamed here`,
    hint: "Databases that have it would miss it: restore the file; to undo what it does, write a new migration.",
  };
}

function outOfOrder({ name, file }: Migration, newest: string, baseName: string): Problem {
  return {
    code: "out-of-order",
    message: `${file}: ${name} is new and older than ${newest}, which is on ${baseName}`,
    hint: `Give it a newer timestamp: merge ${baseName}, then \`rebase ${name}\`.`,
  };
}
