import type { Client } from "pg";
import { poolerWarning } from "../connection/pooler-warning";
import { type Report, warningEvent } from "../events/events";
import type { Ledger } from "../ledger/ledger";

/** Warns of a pooler in between, of which a run that takes no lock learns by what it asked anyway. */
export function warnOfPooler(client: Client, { servedBy }: Ledger, report: Report): void {
  const warning = poolerWarning(client, servedBy);
  if (warning) {
    report(warningEvent(warning));
  }
}
