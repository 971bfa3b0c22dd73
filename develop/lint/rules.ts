import { breakingRules } from "./rules-breaking";
import { lockRules } from "./rules-locks";
import { otherRules } from "./rules-other";

/** All rules there are, by name. The order is that of `lint --rules` and of the documentation. */
export const rules = { ...lockRules, ...breakingRules, ...otherRules };

export type RuleName = keyof typeof rules;

/** Names of all rules. */
export const ruleNames = Object.keys(rules) as RuleName[];

/** Whether a text is the name of a rule. */
export function isRuleName(text: string): text is RuleName {
  return Object.hasOwn(rules, text);
}

/** Rules about the check itself, or about what cannot run at all: no reason makes them right, so nothing silences them. */
export const notIgnorable: ReadonlySet<RuleName> = new Set<RuleName>(["syntax", "refused", "bad-ignore"]);
