import type { RuleName } from "./rules";

/** What becomes of one of squawk's rules here. */
export type SquawkRule =
  /** Asked; what it finds is told as a finding of ours, unless our rule has found the same. */
  | { readonly as: RuleName; readonly because: string }
  /** Not asked. */
  | { readonly off: string };

const ours = (rule: RuleName, because: string): SquawkRule => ({ off: `our ${rule} decides: ${because}` });
const second = "the same problem; a second pair of eyes, with a parser of its own";

/** Each rule that squawk has, and why it is asked or not. A rule that a newer squawk brings is unknown here: not asked. */
export const squawkRules = {
  "adding-field-with-default": ours(
    "table-rewrite",
    "it knows the volatility of built-in functions and of those in the migrations",
  ),
  "adding-foreign-key-constraint": ours(
    "constraint-not-valid",
    "a new nullable column without a default is not checked",
  ),
  "adding-not-nullable-field": ours("set-not-null", "it knows the checks that earlier migrations have validated"),
  "adding-required-field": { as: "add-required-column", because: second },
  "adding-serial-primary-key-field": ours("add-serial-column", "it finds identity columns as well"),
  "ban-alter-domain-with-add-constraint": ours("domain-constraint", "NOT VALID reads no table"),
  "ban-char-field": { off: "a matter of style" },
  "ban-concurrent-index-creation-in-transaction": { as: "concurrently-in-transaction", because: second },
  "ban-create-domain-with-constraint": { as: "domain-constraint", because: "we leave domains to it" },
  "ban-drop-column": { as: "drop-column", because: second },
  "ban-drop-database": { as: "drop-database", because: second },
  "ban-drop-not-null": { as: "drop-not-null", because: second },
  "ban-drop-table": { as: "drop-table", because: second },
  "ban-truncate-cascade": ours("truncate", "it finds TRUNCATE without CASCADE as well"),
  "ban-uncommitted-transaction": { off: "the migrator begins and commits, and refuses BEGIN and COMMIT (our refused)" },
  "changing-column-type": ours(
    "column-type-change",
    "it knows the column's type from earlier migrations, and which changes read no row",
  ),
  "constraint-missing-not-valid": ours(
    "constraint-not-valid",
    "squawk tells the same of a unique constraint, which has no NOT VALID",
  ),
  "disallowed-unique-constraint": { as: "unique-without-index", because: second },
  "identifier-too-long": { as: "identifier-too-long", because: "we leave the length of names to it" },
  "prefer-bigint-over-int": { off: "a matter of style: many numbers stay small" },
  "prefer-bigint-over-smallint": { off: "a matter of style: many numbers stay small" },
  "prefer-identity": { off: "a matter of style" },
  "prefer-repack": ours("table-rewrite", "VACUUM FULL and CLUSTER are rewrites like others"),
  "prefer-robust-stmts": {
    off: "IF NOT EXISTS hides a schema that is not the expected one; in a transaction all is undone, and a migration with transaction:false is resumed behind its last finished statement",
  },
  "prefer-text-field": { off: "a matter of style: widening a varchar reads no row" },
  "prefer-timestamp-tz": { off: "a matter of style, and no danger to traffic" },
  "renaming-column": ours("rename", "it finds renamed views, functions, enum values and schemas as well"),
  "renaming-table": ours("rename", "a view of the old name in the same transaction makes it harmless"),
  "require-concurrent-index-creation": ours("missing-concurrently", "it knows which tables are partitioned"),
  "require-concurrent-index-deletion": ours("missing-concurrently", "it knows which table an index is on"),
  "require-concurrent-partition-detach": { as: "missing-concurrently", because: second },
  "require-concurrent-reindex": { as: "missing-concurrently", because: second },
  "require-enum-value-ordering": { off: "a matter of taste: most enums have no order that anybody relies on" },
  "require-lock-timeout": {
    off: "the migrator sets 5 s by itself; our no-lock-timeout finds where a migration turns it off",
  },
  "require-statement-timeout": {
    off: "a long statement is no danger by itself: what holds a lock meanwhile is found by other rules",
  },
  "require-table-schema": { off: "search_path chooses the schema here, so that one set serves several" },
  "require-timeout-settings": { off: "the old name of the two above" },
  "syntax-error": { off: "our syntax decides, with PostgreSQL's own parser" },
  "transaction-nesting": { off: "the migrator refuses BEGIN and COMMIT in a transaction (our refused)" },
  "unused-ignore": { off: "our bad-ignore looks after our own comments" },
} as const satisfies Record<string, SquawkRule>;

/** The rule of ours that stands for one of squawk's, or nothing where it is not asked. */
export function ruleOfSquawk(name: string): RuleName | undefined {
  const rule: SquawkRule | undefined = Object.hasOwn(squawkRules, name)
    ? squawkRules[name as keyof typeof squawkRules]
    : undefined;
  return rule && "as" in rule ? rule.as : undefined;
}

/** Those that squawk must leave out, as far as its command line knows their names. */
export const squawkExcluded = Object.keys(squawkRules).filter(
  (name) => ruleOfSquawk(name) === undefined && name !== "syntax-error" && name !== "unused-ignore",
);
