import type { Client } from "pg";
import { exitCodes, SchemagateError } from "../errors";

/** What a server may be asked to be, as libpq's target_session_attrs says it. */
export const sessionAttrs = ["any", "read-write", "read-only", "primary", "standby", "prefer-standby"] as const;
export type SessionAttrs = (typeof sessionAttrs)[number];

/** What the server says of itself. */
interface ServerState {
  readonly standby: boolean;
  readonly readOnly: boolean;
}

const isAsWanted: Readonly<Record<SessionAttrs, (state: ServerState) => boolean>> = {
  any: () => true,
  "read-write": ({ readOnly }) => !readOnly,
  "read-only": ({ readOnly }) => readOnly,
  primary: ({ standby }) => !standby,
  standby: ({ standby }) => standby,
  // There is one host, so that there is nothing to choose from.
  "prefer-standby": () => true,
};

/**
 * Listens to what the server reports of itself while a connection opens: PostgreSQL 14 and later, without being asked.
 *
 * @returns what asserts, once the connection is open, that the server is as wanted.
 */
export function hearSessionAttrs(client: Client, wanted: SessionAttrs): () => Promise<void> {
  const reported = new Map<string, string>();
  const { connection } = client as unknown as { connection: NodeJS.EventEmitter };
  connection.on("parameterStatus", ({ parameterName, parameterValue }) => reported.set(parameterName, parameterValue));
  return async () => {
    const state = stateOf(reported) ?? (await askState(client));
    if (!isAsWanted[wanted](state)) {
      throw wrongServer(client, wanted, state);
    }
  };
}

function stateOf(reported: ReadonlyMap<string, string>): ServerState | undefined {
  const [hotStandby, readOnly] = ["in_hot_standby", "default_transaction_read_only"].map((name) => reported.get(name));
  return hotStandby === undefined || readOnly === undefined
    ? undefined
    : { standby: hotStandby === "on", readOnly: hotStandby === "on" || readOnly === "on" };
}

/** A pooler may keep to itself what the server reports. */
async function askState(client: Client): Promise<ServerState> {
  const { rows } = await client.query(
    `SELECT pg_is_in_recovery() AS standby, current_setting('transaction_read_only') = 'on' AS "readOnly"`,
  );
  return rows[0];
}

function wrongServer(
  { host, port }: Client,
  wanted: SessionAttrs,
  { standby, readOnly }: ServerState,
): SchemagateError {
  const found = standby ? "a standby" : readOnly ? "read-only" : "a primary that takes writes";
  return new SchemagateError({
    code: "wrong-server",
    message: `the server at ${host}:${port} is ${found}, and target_session_attrs asks for ${wanted}`,
    hint: "Name the server that is meant, or leave target_session_attrs out.",
    exitCode: exitCodes.connection,
  });
}
