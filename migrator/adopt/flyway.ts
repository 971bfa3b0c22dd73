import type { Problem } from "../errors";
import type { AppliedThere, ForeignTable, Tool } from "./tool";

interface Row {
  readonly version: string | null;
  readonly description: string;
  readonly type: string;
  readonly success: boolean;
  readonly appliedAt: Date;
}

/** Flyway: a log in order of rank; undone and deleted versions are rows of their own behind those they take back. */
export const flyway: Tool = {
  table: "flyway_schema_history",
  columns: ["installed_rank", "version", "description", "type", "script", "installed_on", "success"],
  read: async (client, table) => {
    const { rows } = await client.query<Row>(
      `SELECT version, description, type, success, installed_on::timestamptz AS "appliedAt"
         FROM ${table.sql} ORDER BY installed_rank`,
    );
    return {
      applied: replay(rows),
      problems: rows
        .filter(({ success, type }) => !success && type !== "DELETE")
        .map((row) => failedProblem(row, table)),
      notes: findRepeatables(rows).map(
        (description) =>
          `repeatable "${description}" is not taken over: as a file in repeatable/ it is applied again by the next up`,
      ),
    };
  },
};

/** Follows the log to what is applied at its end. */
function replay(rows: readonly Row[]): AppliedThere[] {
  const applied = new Map<string, AppliedThere>();
  for (const { version, description, type, appliedAt, success } of rows) {
    if (version === null) {
      continue;
    }
    // Deleted first: a version that was undone and applied again stands at the place of its last application.
    applied.delete(version);
    if (success && !type.startsWith("UNDO") && type !== "DELETE") {
      // A baseline's description says that it is one, not what is in it.
      const named = type === "BASELINE" ? {} : { description };
      applied.set(version, { id: version, appliedAt, coversOlder: type.endsWith("BASELINE"), ...named });
    }
  }
  return [...applied.values()];
}

/** Repeatable migrations have no version. Nor has the marker of a schema that Flyway made, which is none. */
function findRepeatables(rows: readonly Row[]): string[] {
  const lastTypes = new Map(rows.filter(({ version }) => version === null).map((row) => [row.description, row.type]));
  return [...lastTypes]
    .filter(([, type]) => type !== "SCHEMA" && type !== "DELETE")
    .map(([description]) => description);
}

function failedProblem({ version, description }: Row, table: ForeignTable): Problem {
  return {
    code: "failed-there",
    message: `migration ${version ?? "(repeatable)"} "${description}" failed according to ${table.label}`,
    hint: "Mend the schema, then let Flyway forget the failure: flyway repair.",
  };
}
