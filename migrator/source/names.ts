import { usageError } from "../errors";

/** Candidates an error lists at most: enough to choose from, short enough to read. */
const listed = 10;

/** Names that are equally close to what was typed are suggested up to this many: beyond it they are no help. */
const suggested = 3;

/**
 * Finds the migration that a user means: by its exact name, or by a prefix of its name or of its slug that only one
 * migration has.
 *
 * @param text what was typed.
 * @param names the migrations there are.
 * @throws usage (exit 2) when none or several are meant.
 */
export function resolveName(text: string, names: readonly string[]): string {
  if (names.includes(text)) {
    return text;
  }
  const matches = matching(text, names);
  const [only] = matches;
  if (only !== undefined && matches.length === 1) {
    return only;
  }
  throw matches.length > 1 ? ambiguous(text, matches) : unknown(text, names);
}

/** A prefix of slugs counts only where no name begins with it, and a whole slug before slugs that go on. */
function matching(text: string, names: readonly string[]): string[] {
  if (text === "") {
    return [];
  }
  const byName = names.filter((name) => name.startsWith(text));
  if (byName.length > 0) {
    return byName;
  }
  const exact = names.filter((name) => slugOf(name) === text);
  return exact.length === 1 ? exact : names.filter((name) => slugOf(name).startsWith(text));
}

/** What stands behind the number, or behind the folder of a repeatable object. */
function slugOf(name: string): string {
  return name.replace(/^(\d+_|.*\/)/, "");
}

function ambiguous(text: string, matches: readonly string[]) {
  return usageError({
    code: "ambiguous-name",
    message: `"${text}" may mean ${matches.length} migrations: ${list(matches)}`,
    hint: "Write more of the name.",
  });
}

function unknown(text: string, names: readonly string[]) {
  const near = closest(text, names);
  const meant = near.length === 0 ? "" : `Did you mean ${near.join(" or ")}? `;
  return usageError({
    code: "unknown-name",
    message: `no migration is named "${text}" (${names.length === 0 ? "there is none" : `among ${names.length}`})`,
    hint: `${meant}\`schemagate status\` lists them all.`,
  });
}

function list(names: readonly string[]): string {
  const rest = names.length - listed;
  return names.slice(0, listed).join(", ") + (rest > 0 ? ` and ${rest} more` : "");
}

/** The names that the text was most likely meant to be; none where all are about as different as any two names. */
function closest(text: string, names: readonly string[]): string[] {
  const number = /^\d+$/.test(text);
  const distances = names.map((name) => {
    const slug = slugOf(name);
    const forms = number ? [name.slice(0, text.length)] : [name, slug, slug.slice(0, text.length)];
    return { name, distance: Math.min(...forms.map((form) => editDistance(text, form))) };
  });
  const best = Math.min(...distances.map(({ distance }) => distance));
  const nearest = distances.filter(({ distance }) => distance === best).map(({ name }) => name);
  // A third of the letters may be wrong, at least one: beyond that a suggestion confuses more than it helps.
  return best <= Math.max(1, text.length / 3) && nearest.length <= suggested ? nearest : [];
}

/** How many letters must be inserted, removed, replaced or swapped with their neighbour to turn one text into the other. */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row[j] = Math.min(
        (row[j - 1] ?? 0) + 1,
        (last[j] ?? 0) + 1,
        (last[j - 1] ?? 0) + cost,
        swapped ? (beforeLast[j - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? 0;
}
