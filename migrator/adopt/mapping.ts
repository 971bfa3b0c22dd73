import type { Problem } from "../errors";
import { compareNames, type Migration, versionOf } from "../source/migration";
import type { AppliedThere, ForeignLedger } from "./tool";

/** How a migration of ours was found for one of theirs. */
export type Reason =
  /** Both begin with the same number. */
  | "number"
  /** They have the same name, or the same slug, and no other has it. */
  | "name"
  /** It stands at the same place of a list that is complete and has one order. */
  | "place"
  /** Something newer covers it: a baseline, or a tool that keeps only the newest version. */
  | "older"
  /** --to says so. */
  | "to";

/** One line of the mapping: applied there, to be recorded here, or both. */
export interface Pair {
  readonly theirs?: AppliedThere;
  readonly ours?: Migration;
  readonly reason?: Reason;
}

/** What taking over would mean. */
export interface Mapping {
  /** In the order in which they are recorded. */
  readonly pairs: readonly Pair[];
  /** What the other tool did not apply. */
  readonly pending: readonly Migration[];
  readonly warnings: readonly Problem[];
  /** Why nothing can be recorded. */
  readonly problems: readonly Problem[];
}

type Matched = Required<Pair>;

/**
 * Maps what another tool applied to the migrations here: by number, else by name. Places are counted only where the
 * tool's order is certain, or where --to says what is applied.
 *
 * @param where the tool's table, for messages.
 * @param to name of the migration up to which everything is said to be applied.
 */
export function mapApplied(
  foreign: ForeignLedger,
  migrations: readonly Migration[],
  where: string,
  to?: string,
): Mapping {
  const pairs = foreign.applied.map(createMatcher(foreign.applied, migrations));
  const direct = finish(foreign, withOlder(pairs, migrations), migrations, where);
  if (to !== undefined) {
    return mapTold(foreign, pairs, direct, migrations, where, to);
  }
  const unmatched = pairs.filter(({ ours }) => !ours);
  if (unmatched.length === 0) {
    return direct;
  }
  return foreign.countable
    ? mapPlaces(foreign, pairs, direct, migrations, where)
    : withProblems(
        direct,
        unmatched.map((pair) => unmatchedProblem(pair, where)),
      );
}

/** @returns what finds the migration here for one of theirs. */
function createMatcher(all: readonly AppliedThere[], migrations: readonly Migration[]): (theirs: AppliedThere) => Pair {
  const numbers = new Map(migrations.map((migration) => [versionOf(migration.name), migration]));
  const slugsHere = groupBy(migrations, ({ name }) => slugHere(name));
  const slugsThere = groupBy(all, slugThere);
  return (theirs) => {
    const number = numberOf(theirs.id);
    const byNumber = number === undefined ? undefined : numbers.get(number);
    if (byNumber) {
      return { theirs, ours: byNumber, reason: "number" };
    }
    const slug = slugThere(theirs);
    const [byName, another] = slugsHere.get(slug) ?? [];
    // Where two have the same name it may be either of them: nothing is guessed.
    return byName && !another && slug !== "" && slugsThere.get(slug)?.length === 1
      ? { theirs, ours: byName, reason: "name" }
      : { theirs };
  };
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  }
  return groups;
}

/** The number an id begins with; none when it goes on as no number of ours can: `1.2`, `7f3a`. */
function numberOf(id: string): bigint | undefined {
  const digits = /^(\d+)(?=$|[_-]|\.[A-Za-z])/.exec(id)?.[1];
  return digits === undefined ? undefined : BigInt(digits);
}

/** What a migration is called there, without number and extension, as a slug; empty when nothing tells. */
function slugThere({ id, description }: AppliedThere): string {
  return toSlug(description ?? withoutNumber(id.replace(/(\.(up|down))?\.\w+$/, "")));
}

function slugHere(name: string): string {
  return toSlug(withoutNumber(name));
}

function withoutNumber(name: string): string {
  return name.replace(/^\d+([_-]+|$)/, "");
}

function toSlug(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{Letter}\p{Number}]+/gu, "_")
    .replace(/^_|_$/g, "");
}

/** Adds what a baseline or a newest version stands for. */
function withOlder(pairs: readonly Pair[], migrations: readonly Migration[]): Pair[] {
  const taken = new Set(pairs.map(({ ours }) => ours));
  return pairs.flatMap((pair) => {
    const { ours, theirs } = pair;
    if (!ours || !theirs?.coversOlder) {
      return [pair];
    }
    const older = migrations.filter((each) => compareNames(each.name, ours.name) < 0 && !taken.has(each));
    for (const each of older) {
      taken.add(each);
    }
    return [...older.map((each): Pair => ({ ours: each, reason: "older" })), pair];
  });
}

/** Adds what is pending, and what is wrong with any mapping. */
function finish(
  foreign: ForeignLedger,
  pairs: readonly Pair[],
  migrations: readonly Migration[],
  where: string,
): Mapping {
  const recorded = new Set(pairs.map(({ ours }) => ours));
  const pending = migrations.filter((migration) => !recorded.has(migration));
  const newest = migrations.findLast((migration) => recorded.has(migration));
  const late = pending.filter(({ name }) => newest && compareNames(name, newest.name) < 0);
  return {
    pairs,
    pending,
    warnings: [...(late.length > 0 ? [lateWarning(late)] : []), ...pairs.filter(isOddPair).map(oddWarning)],
    problems: [...foreign.problems, ...sharedProblems(pairs.filter(isMatched), where)],
  };
}

function withProblems(mapping: Mapping, problems: readonly Problem[]): Mapping {
  return { ...mapping, problems: [...mapping.problems, ...problems] };
}

function isMatched(pair: Pair): pair is Matched {
  return pair.theirs !== undefined && pair.ours !== undefined;
}

/** Counts places, where that contradicts no number and no name. */
function mapPlaces(
  foreign: ForeignLedger,
  pairs: readonly Pair[],
  direct: Mapping,
  migrations: readonly Migration[],
  where: string,
): Mapping {
  const odd = pairs.filter(isMatched).filter((pair) => migrations.indexOf(pair.ours) !== pairs.indexOf(pair));
  if (pairs.length > migrations.length || odd.length > 0) {
    return withProblems(direct, [
      pairs.length > migrations.length
        ? countProblem(pairs.length, migrations.length, where)
        : placeProblem(odd, pairs, migrations),
    ]);
  }
  const placed = pairs.map(
    (pair, index): Pair => (pair.ours ? pair : { ...pair, ours: migrations[index], reason: "place" }),
  );
  return finish(foreign, placed, migrations, where);
}

/** Takes --to's word for what is applied, where that contradicts no number and no name. */
function mapTold(
  foreign: ForeignLedger,
  pairs: readonly Pair[],
  direct: Mapping,
  migrations: readonly Migration[],
  where: string,
  to: string,
): Mapping {
  const told = migrations.slice(0, migrations.findIndex(({ name }) => name === to) + 1);
  const complete = pairs.every(isMatched);
  const beyond = pairs.filter(isMatched).filter(({ ours }) => !told.includes(ours));
  const newest = direct.pairs.at(-1)?.ours?.name;
  if (beyond.length > 0 || (complete && direct.pairs.length !== told.length)) {
    return withProblems(direct, [toProblem(to, where, beyond.at(-1)?.ours.name ?? newest)]);
  }
  if (complete) {
    return direct;
  }
  const placed = pairs.length === told.length && pairs.every(({ ours }, index) => !ours || ours === told[index]);
  const mapped = placed
    ? pairs.map((pair, index): Pair => (pair.ours ? pair : { ...pair, ours: told[index], reason: "to" }))
    : [
        ...pairs.filter(({ ours }) => !ours),
        ...told.map((ours) => pairs.find((pair) => pair.ours === ours) ?? ({ ours, reason: "to" } satisfies Pair)),
      ];
  return finish(foreign, mapped, migrations, where);
}

/** Same number, other name: right after a renaming, wrong after a renumbering. */
function isOddPair({ theirs, ours, reason }: Pair): boolean {
  if (!theirs || !ours || reason !== "number") {
    return false;
  }
  const there = slugThere(theirs);
  return there !== "" && there !== slugHere(ours.name);
}

function oddWarning({ theirs, ours }: Pair): Problem {
  return {
    code: "other-name",
    message: `${describeTheirs(theirs)} and ${ours?.name} begin with the same number and have different names`,
    hint: "Look whether they are the same migration.",
  };
}

function lateWarning(late: readonly Migration[]): Problem {
  return {
    code: "out-of-order",
    message: `not applied there, although newer ones are: ${late.map(({ name }) => name).join(", ")}`,
    hint: "`up` will refuse them as out of order: rename them afterwards with `rebase`, or allow it with --out-of-order allow.",
  };
}

function unmatchedProblem({ theirs }: Pair, where: string): Problem {
  return {
    code: "unmatched",
    message: `${describeTheirs(theirs)} is applied according to ${where}, but no migration here has its number or its name`,
    hint: "Bring its file here under a name with that number, or say up to which migration all is applied with --to NAME.",
  };
}

function sharedProblems(pairs: readonly Matched[], where: string): Problem[] {
  const shared = groupBy(pairs, ({ ours }) => ours.name);
  return [...shared]
    .filter(([, same]) => same.length > 1)
    .map(([name, same]) => ({
      code: "ambiguous",
      message: `${same.map(({ theirs }) => describeTheirs(theirs)).join(" and ")} in ${where} both map to ${name}`,
      hint: "Give the files here numbers that differ as theirs do.",
    }));
}

function countProblem(there: number, here: number, where: string): Problem {
  return {
    code: "unmatched",
    message: `${there} migrations are applied according to ${where}, and there are only ${here} here`,
    hint: "Bring the others here, too, or say up to which migration all is applied with --to NAME.",
  };
}

function placeProblem(odd: readonly Matched[], pairs: readonly Pair[], migrations: readonly Migration[]): Problem {
  const places = odd.map(
    (pair) =>
      `${describeTheirs(pair.theirs)} is number ${pairs.indexOf(pair) + 1} there, ${pair.ours.name} is number ${migrations.indexOf(pair.ours) + 1} here`,
  );
  return {
    code: "unmatched",
    message: `some migrations have no counterpart by name, and places cannot be counted: ${places.join("; ")}`,
    hint: "Name the files here as they are named there, or say up to which migration all is applied with --to NAME.",
  };
}

function toProblem(to: string, where: string, newest: string | undefined): Problem {
  return {
    code: "to-differs",
    message: `--to says that all is applied up to ${to}, ${where} says ${newest ? `up to ${newest}` : "that nothing is"}`,
    hint: newest ? "Leave --to out: numbers and names tell." : "Check the database and the table.",
  };
}

/** `9f3c… "create customers"`. */
export function describeTheirs(theirs: AppliedThere | undefined): string {
  return theirs?.description ? `${theirs.id} "${theirs.description}"` : (theirs?.id ?? "");
}
