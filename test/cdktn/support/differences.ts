/** One place where two JSON documents differ; `undefined` where there is nothing. */
export interface Difference {
  readonly at: string;
  readonly cdktf: unknown;
  readonly cdktn: unknown;
}

/** Every place where two JSON documents differ, as deep as it goes: a resource that is missing is one, an argument another. */
export function findDifferences(cdktf: unknown, cdktn: unknown, at = ""): readonly Difference[] {
  if (!isContainer(cdktf) || !isContainer(cdktn) || Array.isArray(cdktf) !== Array.isArray(cdktn)) {
    return Object.is(cdktf, cdktn) ? [] : [{ at, cdktf, cdktn }];
  }
  const keys = new Set([...Object.keys(cdktf), ...Object.keys(cdktn)]);
  return [...keys].flatMap((key) => findDifferences(cdktf[key], cdktn[key], at === "" ? key : `${at}.${key}`));
}

function isContainer(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
