import type { Problem } from "../errors";
import { usageError } from "../errors";
import { type Revision, readRevisions } from "./alembic-versions";
import type { Tool } from "./tool";

/** Alembic: one row for each head, a hash without order; only the files of the versions know what came before it. */
export const alembic: Tool = {
  table: "alembic_version",
  columns: ["version_num"],
  read: async (client, table, { versions, told }) => {
    const { rows } = await client.query(`SELECT version_num AS id FROM ${table.sql} ORDER BY 1`);
    const heads = rows.map(({ id }): string => id);
    if (versions !== undefined) {
      return follow(heads, await readRevisions(versions), versions, table.label);
    }
    if (told || heads.length === 0) {
      return { applied: heads.map((id) => ({ id })), problems: [] };
    }
    throw usageError({
      code: "no-versions",
      message: `${table.label} holds ${heads.join(", ")} and not what came before: without Alembic's files nobody can tell`,
      hint: "Name their directory with --versions alembic/versions, or say up to which migration all is applied with --to NAME.",
    });
  },
};

/** Everything that the heads stand on, oldest first. */
function follow(heads: readonly string[], revisions: readonly Revision[], dir: string, label: string) {
  const problems: Problem[] = [];
  const applied = new Map<string, Revision>();
  const pending = new Set<string>();
  const visit = (id: string, wantedBy: string) => {
    const revision = findRevision(id, revisions);
    if (!revision) {
      problems.push({
        code: "unknown-revision",
        message: `revision ${id}, ${wantedBy}, is in no file of ${dir}`,
        hint: "Name the directory that brought the database where it is, from the same branch.",
      });
    } else if (!applied.has(revision.id) && !pending.has(revision.id)) {
      pending.add(revision.id);
      for (const parent of revision.parents) {
        visit(parent, `on which ${revision.id} stands`);
      }
      applied.set(revision.id, revision);
    }
  };
  for (const head of heads) {
    visit(head, `which ${label} names`);
  }
  return {
    applied: [...applied.values()].map(({ id, description }) => ({ id, description })),
    problems,
    countable: isOneLine([...applied.values()]),
  };
}

/** Alembic lets people write the beginning of an id. */
function findRevision(id: string, revisions: readonly Revision[]): Revision | undefined {
  const exact = revisions.find((revision) => revision.id === id);
  const begun = revisions.filter((revision) => revision.id.startsWith(id));
  return exact ?? (begun.length === 1 ? begun[0] : undefined);
}

/** Whether each revision stands on the one before it alone: where branches met, there is more than one order. */
function isOneLine(revisions: readonly Revision[]): boolean {
  return revisions.every(({ parents }, index) => {
    const previous = revisions[index - 1];
    return previous ? parents.length === 1 && previous.id.startsWith(parents[0] ?? "") : parents.length === 0;
  });
}
