import { type Client, Query } from "pg";

/** Runs SQL and lets go of the rows it returns: nobody reads them, and there may be more of them than memory. */
export function runDiscardingRows(client: Client, sql: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const query = new Query(sql);
    // With a listener pg keeps none.
    query.on("row", () => undefined);
    query.on("end", () => resolve());
    query.on("error", reject);
    client.query(query);
  });
}
