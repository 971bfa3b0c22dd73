import { escapeLiteral } from "pg";
import type { Difference, FactDifference } from "../catalog/compare";
import { splitLast } from "./dotted-name";

/**
 * Statements for what the engine does not know: storage, compression and statistics of columns, options of their own,
 * options of TOAST tables, typed tables, defaults and comments of views' columns, statistics objects, casts.
 *
 * @param differences what the wanted schema (expected) and the present one (actual) differ in.
 */
export function extraStatements(differences: readonly Difference[]): string[] {
  return differences.flatMap((difference) => writers[difference.kind]?.(difference) ?? []);
}

type Writer = (difference: Difference) => string[];

const writers: Readonly<Record<string, Writer>> = {
  column: ({ identity, facts, change }) => {
    const [table, column] = splitLast(identity);
    return change === "different"
      ? facts.flatMap((fact) =>
          columnClauses(fact).map((clause) => `ALTER TABLE ${table} ALTER COLUMN ${column} ${clause}`),
        )
      : [];
  },
  index: ({ identity, facts, of, change }) =>
    change === "unexpected" ? [] : facts.flatMap((fact) => indexStatements(identity, of, fact)),
  table: ({ identity, facts, change }) =>
    change === "different"
      ? facts.flatMap((fact) => tableClauses(fact).map((clause) => `ALTER TABLE ${identity} ${clause}`))
      : [],
  default: ({ identity, facts, of }) => {
    const [relation, column] = splitLast(identity);
    const isView = of === undefined || !/^(column|table) /.test(of);
    const [expected] = facts.map((fact) => fact.expected);
    const clause = expected ? `SET DEFAULT ${expected}` : "DROP DEFAULT";
    return isView ? [`ALTER VIEW ${relation} ALTER COLUMN ${column} ${clause}`] : [];
  },
  comment: ({ identity, facts }) => {
    const [, kind, name] =
      /^(column|view|materialized view|table|index|sequence|type|domain|schema) (.*)$/s.exec(identity) ?? [];
    const text = facts[0]?.expected;
    return kind && name ? [`COMMENT ON ${kind.toUpperCase()} ${name} IS ${text ? escapeLiteral(text) : "NULL"}`] : [];
  },
  cast: ({ identity, facts, change }) => {
    const { method, function: by, context } = expectedFacts(facts);
    const how =
      method === "function" ? `WITH FUNCTION ${by}` : method === "input and output" ? "WITH INOUT" : "WITHOUT FUNCTION";
    return [
      ...(change === "missing" ? [] : [`DROP CAST ${identity}`]),
      ...(change === "missing"
        ? [`CREATE CAST ${identity} ${how}${context === "explicit" ? "" : ` AS ${context}`}`]
        : []),
    ];
  },
  operator: ({ identity, facts, change }) => {
    const wanted = expectedFacts(facts);
    const [, schema, symbol, left, right] = /^(.*)\.([^.(]+)\((.*),(.*)\)$/.exec(identity) ?? [];
    const symbolOf = (operator: string | null | undefined) => operator && `OPERATOR(${operator.replace(/\(.*$/, "")})`;
    const parts = {
      FUNCTION: wanted.function?.replace(/\(.*$/s, ""),
      LEFTARG: left === "NONE" ? undefined : left,
      RIGHTARG: right,
      COMMUTATOR: symbolOf(wanted.commutator),
      NEGATOR: symbolOf(wanted.negator),
      RESTRICT: wanted["restriction estimator"]?.replace(/\(.*$/s, ""),
      JOIN: wanted["join estimator"]?.replace(/\(.*$/s, ""),
    };
    const list = Object.entries(parts).flatMap(([name, value]) => (value ? [`${name} = ${value}`] : []));
    const flags = [wanted.hashes === "yes" ? "HASHES" : "", wanted.merges === "yes" ? "MERGES" : ""].filter(Boolean);
    return change === "missing"
      ? [`CREATE OPERATOR ${schema}.${symbol} (${[...list, ...flags].join(", ")})`]
      : [`DROP OPERATOR ${identity}`];
  },
  statistics: ({ identity, facts, change }) => {
    const fact = (name: string) => facts.find((one) => one.name === name);
    const created = fact("definition")?.expected;
    const target = fact("target");
    return [
      ...(change === "unexpected" || (change === "different" && created) ? [`DROP STATISTICS ${identity}`] : []),
      ...(created ? [created] : []),
      ...(target ? [`ALTER STATISTICS ${identity} SET STATISTICS ${target.expected ?? -1}`] : []),
    ];
  },
};

function expectedFacts(facts: readonly FactDifference[]): Record<string, string | null> {
  return Object.fromEntries(facts.map(({ name, expected }) => [name, expected]));
}

function indexStatements(index: string, of: string | undefined, { name, expected, actual }: FactDifference): string[] {
  switch (name) {
    case "clustered": {
      const table = of?.replace(/^(table|materialized view) /, "");
      const clause = expected === "yes" ? `CLUSTER ON ${splitLast(index)[1]}` : "SET WITHOUT CLUSTER";
      return table ? [`ALTER TABLE ${table} ${clause}`] : [];
    }
    case "options":
      return optionClauses(expected, actual).map((clause) => `ALTER INDEX ${index} ${clause}`);
    case "statistics targets": {
      const targets = (list: string | null) => new Map((list ?? "").split(", ").filter(Boolean).map(readTarget));
      const [wanted, present] = [targets(expected), targets(actual)];
      return [...new Set([...wanted.keys(), ...present.keys()])].map(
        (column) => `ALTER INDEX ${index} ALTER COLUMN ${column} SET STATISTICS ${wanted.get(column) ?? -1}`,
      );
    }
    default:
      return [];
  }
}

/** `1: 300` */
function readTarget(text: string): [string, string] {
  const [column = "", target = ""] = text.split(": ");
  return [column, target];
}

function columnClauses({ name, expected, actual }: FactDifference): string[] {
  switch (name) {
    case "storage":
      return [`SET STORAGE ${expected ?? "DEFAULT"}`];
    case "compression":
      return [`SET COMPRESSION ${expected ?? "default"}`];
    case "statistics target":
      return [`SET STATISTICS ${expected ?? -1}`];
    case "options":
      return optionClauses(expected, actual);
    default:
      return [];
  }
}

function tableClauses({ name, expected, actual }: FactDifference): string[] {
  switch (name) {
    case "toast options":
      return optionClauses(expected, actual, "toast.");
    case "of type":
      return [expected ? `OF ${expected}` : "NOT OF"];
    default:
      return [];
  }
}

/** `a=1, b=2` on both sides. */
function optionClauses(expected: string | null, actual: string | null, prefix = ""): string[] {
  const read = (list: string | null) => (list ?? "").split(/,\s*/).filter(Boolean);
  const names = read(expected).map((option) => option.split("=")[0]);
  const gone = read(actual)
    .map((option) => option.split("=")[0])
    .filter((name) => !names.includes(name));
  return [
    ...(gone.length > 0 ? [`RESET (${gone.map((name) => `${prefix}${name}`).join(", ")})`] : []),
    ...(expected
      ? [
          `SET (${read(expected)
            .map((option) => `${prefix}${option}`)
            .join(", ")})`,
        ]
      : []),
  ];
}
