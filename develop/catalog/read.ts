import type { Client, QueryResult } from "pg";
import { assembleCatalog } from "./assemble";
import type { Catalog } from "./catalog";
import { annotationQueries, defaultPrivileges, memberQuery } from "./queries/annotations";
import { columnQueries } from "./queries/columns";
import { constraintQueries } from "./queries/constraints";
import { databaseQueries } from "./queries/database";
import { foreignQueries } from "./queries/foreign";
import { functionQueries } from "./queries/functions";
import { operatorQueries } from "./queries/operators";
import { publicationQueries } from "./queries/publications";
import { tableQueries } from "./queries/tables";
import { textQueries } from "./queries/text";
import { typeQueries } from "./queries/types";
import { viewQueries } from "./queries/views";
import type { AnnotationRow, MemberRow, ObjectRow } from "./rows";
import { inReadingSession } from "./session";
import type { Scope } from "./sql";

/**
 * Reads everything that the schemas of a database consist of, so that two databases have equal catalogs exactly if
 * pg_dump would print the same schema of both up to the order of columns and statements. Left out: PostgreSQL's own
 * schemas, temporary ones, what belongs to extensions, roles, settings of the database, data.
 *
 * Reads one snapshot in a transaction of its own, or in the one that the client is in.
 *
 * @param options.ignoreSchemas names of schemas to leave out with all that is in them.
 */
export function readCatalog(
  client: Pick<Client, "query">,
  options: { readonly ignoreSchemas: readonly string[] },
): Promise<Catalog> {
  return inReadingSession(client, async () => {
    const scope: Scope = { ignoreSchemas: options.ignoreSchemas, version: await readVersion(client) };
    const objects = objectQueries(scope);
    const annotations = annotationQueries();
    const results = await queryAll(client, [memberQuery, ...objects, ...annotations]);
    return assembleCatalog({
      members: results[0] as MemberRow[],
      objects: results.slice(1, 1 + objects.length).flat() as ObjectRow[],
      annotations: results.slice(1 + objects.length).flat() as AnnotationRow[],
    });
  });
}

const objectQueries = (scope: Scope): string[] => [
  ...tableQueries(scope),
  ...columnQueries(scope),
  ...constraintQueries(scope),
  ...viewQueries(scope),
  ...functionQueries(scope),
  ...typeQueries(scope),
  ...operatorQueries(scope),
  ...textQueries(scope),
  ...databaseQueries(scope),
  ...foreignQueries(scope),
  ...publicationQueries(scope),
  defaultPrivileges(scope),
];

async function readVersion(client: Pick<Client, "query">): Promise<number> {
  const { rows } = await client.query<{ version: number }>(
    "SELECT current_setting('server_version_num')::integer / 10000 AS version",
  );
  return rows[0]?.version ?? 0;
}

/** Runs many queries in one round trip. */
async function queryAll(client: Pick<Client, "query">, queries: readonly string[]): Promise<unknown[][]> {
  // For several statements the driver returns several results, which its types do not tell.
  const results = (await client.query(queries.join(";\n"))) as unknown as QueryResult[];
  return results.map(({ rows }) => rows);
}
