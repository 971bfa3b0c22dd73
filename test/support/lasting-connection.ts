import { Client } from "pg";

type Rows = Record<string, unknown>[];

/** A connection that is opened when it is needed, and again when it broke: to log in takes longer than most that is asked. */
export class LastingConnection {
  private client: Promise<Client> | undefined;
  /** The answer that the next question waits for. */
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly url: string) {}

  /** Runs a statement, behind those that were asked for before. */
  query(sql: string, values?: unknown[]): Promise<Rows> {
    const answer = this.last.then(() => this.ask(sql, values));
    this.last = answer.catch(() => undefined);
    return answer;
  }

  async close(): Promise<void> {
    await this.client?.then(
      (client) => client.end(),
      () => undefined,
    );
  }

  private async ask(sql: string, values?: unknown[]): Promise<Rows> {
    this.client ??= this.open();
    return (await (await this.client).query(sql, values)).rows;
  }

  private async open(): Promise<Client> {
    const client = new Client({ connectionString: this.url });
    const forget = () => {
      this.client = undefined;
    };
    client.on("error", forget).on("end", forget);
    await client.connect().catch((error) => {
      forget();
      throw error;
    });
    // Nobody waits for it to be closed. pg's types do not know that word of it.
    (client as Client & { unref(): void }).unref();
    return client;
  }
}
