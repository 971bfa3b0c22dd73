import type { Style } from "../events/words";
import { count, table, timestamp } from "../events/words";
import type { Adoption } from "./adopt";
import { describeTheirs, type Pair, type Reason } from "./mapping";

const reasons: Readonly<Record<Reason, string>> = {
  number: "same number",
  name: "same name",
  place: "same place",
  older: "older than the next one",
  to: "--to says so",
};

/** The mapping as a person reads it: theirs beside ours, and what has no counterpart on either side. */
export function describeAdoption(adoption: Adoption, from: string, style: Style): string {
  const { pairs, pending, warnings, notes } = adoption;
  const header = [`${from}: ${adoption.table}`, "applied (UTC)", "here", "why"];
  const rows = [...pairs.map(toRow), ...pending.map(({ name }) => ["", "", name, "not applied there: stays pending"])];
  return [
    table([header, ...rows]),
    ...notes.map((note) => style.dim(note)),
    ...warnings.map(({ message, hint }) => style.yellow(`warning: ${message}. ${hint ?? ""}`.trimEnd())),
  ].join("\n");
}

function toRow({ theirs, ours, reason }: Pair): string[] {
  return [
    describeTheirs(theirs),
    theirs?.appliedAt ? timestamp(theirs.appliedAt) : "",
    ours?.name ?? "-",
    reason ? reasons[reason] : "no counterpart here",
  ];
}

/** The mapping for machines. */
export function toFacts({ table, pairs, pending, toRecord, warnings, notes, problems }: Adoption) {
  return {
    table,
    mapping: pairs.map(({ theirs, ours, reason }) => ({
      theirs: theirs?.id ?? null,
      description: theirs?.description,
      appliedAt: theirs?.appliedAt,
      name: ours?.name ?? null,
      reason: reason ?? null,
    })),
    pending: pending.map(({ name }) => name),
    toRecord: toRecord.map(({ migration }) => migration.name),
    notes,
    warnings,
    problems,
  };
}

/** How it ended. */
export function describeEnd(recorded: number, { pairs, table }: Adoption, pending: number): string {
  const rest = pending > 0 ? `; ${count(pending, "migration")} pending: run \`schemagate up\`` : "";
  if (recorded > 0) {
    return `recorded ${count(recorded, "migration")} as applied; ${table} stays as it is${rest}`;
  }
  return pairs.length === 0
    ? `nothing to adopt: ${table} says that nothing is applied${rest}`
    : `nothing to adopt: the ledger holds all of it already${rest}`;
}
