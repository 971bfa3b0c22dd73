import type { Client } from "pg";
import { assembleCatalog } from "./assemble";
import type { Catalog } from "./catalog";
import { KeptPlans, queryAll } from "./kept-plans";
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
 * @param options.keepPlans whether the client has a session of its own that will read again: planning the queries takes
 *   several times as long as running them. @default false
 */
export function readCatalog(
  client: Pick<Client, "query">,
  options: { readonly ignoreSchemas: readonly string[]; readonly keepPlans?: boolean },
): Promise<Catalog> {
  return inReadingSession(client, async () => {
    const scope: Scope = { ignoreSchemas: options.ignoreSchemas, version: await readVersion(client) };
    const objects = objectQueries(scope);
    const annotations = annotationQueries();
    const queries = [memberQuery, ...objects, ...annotations];
    const results = await (options.keepPlans ? plansOf(client).run(queries) : queryAll(client, queries));
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

const kept = new WeakMap<object, KeptPlans>();

function plansOf(client: Pick<Client, "query">): KeptPlans {
  const plans = kept.get(client) ?? new KeptPlans(client);
  kept.set(client, plans);
  return plans;
}
