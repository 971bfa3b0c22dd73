import { ConfigurationError } from "../errors";
import { isUnknown } from "./unknown";

/** Every problem that a value has, under the name of its prop; what is known only at deploy time has none. */
export type Check = (value: unknown, prop: string) => readonly string[];

/** A check that leaves a prop alone which is not given. */
export type OptionalCheck = Check & { readonly optional: true };

/** A check for each prop; a prop without one does not compile. */
export type ChecksOf<Props> = {
  readonly [Key in keyof Props]-?: undefined extends Props[Key] ? OptionalCheck : Check;
};

/**
 * Refuses props that Azure, or the migrator, would refuse or pass over in silence; all of them at once. Own code and not
 * zod, because a schema of zod's knows no placeholders, and who uses the constructs would have to install it.
 */
export function requireProps<Props extends object>(props: Props, checks: ChecksOf<Props>, construct: string): void {
  // Without types, even the object itself may be missing.
  const problems = findProblems(props ?? {}, checks, "");
  if (problems.length > 0) throw new ConfigurationError(problems.map((problem) => `${construct}: ${problem}`));
}

/** A problem in the words of every check: what, which value, why and how to mend it. */
export function problemOf(prop: string, value: unknown, rule: string): string {
  return `'${prop}' (${show(value)}) ${rule}`;
}

export function optional(check: Check): OptionalCheck {
  const passOver: Check = (value, prop) => (value === undefined ? [] : check(value, prop));
  return Object.assign(passOver, { optional: true as const });
}

/** What holds for every known value; the rule is how a sentence goes on that begins with its name. */
export function must(isFine: (value: unknown) => boolean, rule: string | ((value: unknown) => string)): Check {
  return (value, prop) => {
    if (isUnknown(value) || isFine(value)) return [];
    return [problemOf(prop, value, typeof rule === "string" ? rule : rule(value))];
  };
}

/** @param why what the range comes from, and how to mend a value outside of it. */
export function wholeNumber(from: number, to: number | undefined, why: string): Check {
  const range = to === undefined ? `from ${from}` : `from ${from} to ${to}`;
  return must(
    (value) =>
      Number.isInteger(value) && (value as number) >= from && (value as number) <= (to ?? Number.MAX_SAFE_INTEGER),
    `must be a whole number ${range}: ${why}`,
  );
}

export function positiveNumber(rule: string): Check {
  return must((value) => typeof value === "number" && Number.isFinite(value) && value > 0, rule);
}

/** @param why why there are no others, and how to mend it when no case of a letter is to blame. */
export function oneOf(values: readonly string[], why: string): Check {
  return must(
    (value) => typeof value === "string" && values.includes(value),
    (value) => {
      const meant = values.find((each) => each.toLowerCase() === String(value).toLowerCase());
      return `must be ${listed(values)}: ${meant === undefined ? why : `the letters' case counts. Write ${meant}`}`;
    },
  );
}

export const flag: Check = must((value) => typeof value === "boolean", "must be true or false. Say which of them");

/** Text of a form. */
export function text(form: RegExp, rule: string): Check {
  return must((value) => typeof value === "string" && form.test(value), rule);
}

/** Text that must not be shown, because somebody may have mistaken a secret for it. */
export function hiddenText(rule: string, form = /[\s\S]/): Check {
  return (value, prop) =>
    isUnknown(value) || (typeof value === "string" && form.test(value))
      ? []
      : [`'${prop}' (not shown: it may be the value) ${rule}`];
}

/** Text that a function finds fault with. */
export function textThat(find: (value: string) => string | undefined, rule: string): Check {
  return (value, prop) => {
    if (isUnknown(value)) return [];
    const fault = typeof value === "string" ? find(value) : rule;
    return fault === undefined ? [] : [problemOf(prop, value, fault)];
  };
}

export interface ListRules {
  /** Fewest entries. @default 0 */
  readonly atLeast?: number;
  /** What two entries may not share, by the key that holds it. @default - nothing */
  readonly distinct?: readonly string[];
}

/** A list whose entries are checked each. */
export function listOf(check: Check, { atLeast = 0, distinct = [] }: ListRules = {}): Check {
  return (value, prop) => {
    if (isUnknown(value)) return [];
    if (!Array.isArray(value)) return [problemOf(prop, value, "must be a list. Put it in square brackets")];
    if (value.length < atLeast) return [problemOf(prop, "empty", "must have an entry. Add one or leave it out")];
    return [
      ...value.flatMap((entry, index) => check(entry, `${prop}[${index}]`)),
      ...distinct.flatMap((key) => findTwice(value, key, prop)),
    ];
  };
}

function findTwice(entries: readonly unknown[], key: string, prop: string): string[] {
  const known = entries
    .map((entry) => (typeof entry === "object" && entry !== null ? (entry as Record<string, unknown>)[key] : undefined))
    .filter((each) => each !== undefined && !isUnknown(each));
  const twice = known.find((each, index) => known.indexOf(each) !== index);
  return twice === undefined
    ? []
    : [problemOf(prop, twice, `has the ${key} twice: one entry would win. Change one of them`)];
}

/** Values by name. */
export function recordOf(name: RegExp, nameRule: string, value: Check): Check {
  return (record, prop) => {
    if (isUnknown(record)) return [];
    if (!isObject(record))
      return [problemOf(prop, record, "must have values by their names. Put it in curly brackets")];
    return Object.entries(record as object).flatMap(([key, each]) => [
      ...(isUnknown(key) || name.test(key) ? [] : [problemOf(prop, key, nameRule)]),
      ...value(each, `${prop}.${key}`),
    ]);
  };
}

/** An object of somebody's own, all of whose props are known. */
export function shape<Props extends object>(checks: ChecksOf<Props>): Check {
  return (value, prop) => {
    if (isUnknown(value)) return [];
    if (!isObject(value)) return [problemOf(prop, value, "must be an object. Put it in curly brackets")];
    return findProblems(value as Props, checks, `${prop}.`);
  };
}

/** Another construct, or what stands for one: only what is read of it counts. */
export function having(checks: Readonly<Record<string, Check>>, rule: string): Check {
  return (value, prop) => {
    if (isUnknown(value)) return [];
    if (!isObject(value)) return [problemOf(prop, value, rule)];
    return Object.entries(checks).flatMap(([key, check]) =>
      check((value as Record<string, unknown>)[key], `${prop}.${key}`),
    );
  };
}

/** Leaves a value to a check of its own, or to nobody. */
export const anything: OptionalCheck = optional(() => []);

function findProblems<Props extends object>(props: Props, checks: ChecksOf<Props>, path: string): string[] {
  const known = Object.keys(checks) as (keyof Props & string)[];
  const strangers = Object.keys(props).filter((key) => !known.includes(key as never));
  const open = known.filter((key) => props[key] === undefined);
  return [
    ...strangers.flatMap((key) => strangerProblem(key, known, open, path)),
    ...known.flatMap((key) => checks[key](props[key], `${path}${key}`)),
  ];
}

/** A prop that nobody reads. At the top, other names may come along in an object that is spread. */
function strangerProblem(key: string, known: readonly string[], open: readonly string[], path: string): string[] {
  const meant = open.find((each) => isNear(key, each));
  if (meant === undefined && path === "") return [];
  const remedy = meant === undefined ? `Use one of ${listed(known)}` : `Write '${meant}'`;
  return [`'${path}${key}' is no prop, and nobody would read it. ${remedy}, or remove it`];
}

/** Whether somebody may have meant a prop that is not given. */
function isNear(given: string, known: string): boolean {
  const slips = known.length > 6 ? 2 : known.length > 3 ? 1 : 0;
  return distance(given.toLowerCase(), known.toLowerCase()) <= slips;
}

/** Letters to add, take away, change or swap with their neighbour (optimal string alignment). */
function distance(one: string, other: string): number {
  const rows: number[][] = [Array.from({ length: other.length + 1 }, (_, column) => column)];
  const at = (row: number, column: number) => rows[row]?.[column] ?? Number.POSITIVE_INFINITY;
  for (let row = 1; row <= one.length; row += 1) {
    rows[row] = [row];
    for (let column = 1; column <= other.length; column += 1) {
      const isSame = one[row - 1] === other[column - 1];
      const isSwapped = one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      rows[row]?.push(
        Math.min(
          at(row - 1, column) + 1,
          at(row, column - 1) + 1,
          at(row - 1, column - 1) + (isSame ? 0 : 1),
          isSwapped ? at(row - 2, column - 2) + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
  }
  return at(one.length, other.length);
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function listed(values: readonly string[]): string {
  return values.length === 1 ? `${values[0]}` : `${values.slice(0, -1).join(", ")} or ${values.at(-1)}`;
}

const longestShown = 100;

function show(value: unknown): string {
  if (value === undefined) return "missing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "function") return "a function";
  const shown = isObject(value) ? "an object" : String(value);
  // The password of an address in the wrong place is still a password.
  if (/:\/\/\S*@/.test(shown)) return "not shown: it may hold a password";
  return shown.length > longestShown ? `${shown.slice(0, longestShown)}…` : shown;
}
