import type { Client } from "pg";
import { cancelBackend, withCancellation } from "../../migrator/connection/cancel";
import type { ConnectionConfig } from "../../migrator/connection/config";
import { type ConnectOptions, close, connect, explainError } from "../../migrator/connection/connect";

/** Not every version has the setting, and the session waits while migrations run. */
const stayOpen = `SELECT pg_backend_pid() AS pid,
  (SELECT set_config(name, '0', false) FROM pg_settings WHERE name = 'idle_session_timeout')`;

/**
 * A connection to one database that is opened when it is first needed and then kept: PostgreSQL plans a query, and learns
 * its own catalogs, once per connection, and that is most of what reading a schema takes.
 */
export class KeptSession {
  private opened: Promise<{ client: Client; pid: number }> | undefined;
  /** One connection does one thing at a time. */
  private turn: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly config: ConnectionConfig,
    private readonly connecting: ConnectOptions,
  ) {}

  /** Runs `body` on it, behind what runs already; an interrupt cancels its statements on the server. */
  use<T>(body: (client: Client) => Promise<T>): Promise<T> {
    const result = this.turn.then(() => this.run(body));
    this.turn = result.catch(() => undefined);
    return result;
  }

  /** Closes it, and waits until the server has: a database that somebody is connected to is neither copied nor dropped. */
  async close(): Promise<void> {
    const opened = this.opened;
    this.opened = undefined;
    const session = await opened?.catch(() => undefined);
    if (session) {
      await close(session.client);
    }
  }

  private async run<T>(body: (client: Client) => Promise<T>): Promise<T> {
    this.opened ??= this.open();
    try {
      const { client, pid } = await this.opened;
      const cancel = () => cancelBackend(this.config, pid);
      return await withCancellation(client, pid, this.connecting.signal, cancel, () => body(client));
    } catch (error) {
      // Nobody knows what it left behind.
      await this.close();
      throw explainError(error, this.config);
    }
  }

  private async open(): Promise<{ client: Client; pid: number }> {
    const client = await connect(this.config, this.connecting);
    try {
      const { rows } = await client.query(stayOpen);
      return { client, pid: rows[0].pid };
    } catch (error) {
      await close(client);
      throw error;
    }
  }
}
