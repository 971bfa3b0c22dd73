import { inspectSection } from "../../migrator/source/inspect";
import type { SqlMigration, SqlSection } from "../../migrator/source/migration";

/** What `up` would refuse a section for: COMMIT in a transaction, psql's commands, COPY from a client. */
export async function inspectAll(
  migration: SqlMigration,
  section: SqlSection,
): Promise<{ what: string; line: number; instead?: string }[]> {
  const problems = await inspectSection(migration, section);
  const file = section.file ?? migration.file;
  return problems.map(({ message, hint }) => {
    // The message begins with file and line; a finding has both already.
    const rest = message.startsWith(`${file}:`) ? message.slice(file.length + 1) : message;
    const [, line, what] = /^(\d+): (.*)$/s.exec(rest) ?? [];
    return { what: what ?? rest, line: line ? Number(line) : section.firstLine, instead: hint };
  });
}
