import { AsyncLocalStorage } from "node:async_hooks";
import { setTimeout as delay } from "node:timers/promises";
import type { Client } from "pg";
import { streamOf } from "../connection/connect";
import type { Report } from "../events/events";
import { bounded } from "../excerpt";
import { loadError } from "../source/load-module";
import type { MigrationModule, ModuleMigration } from "../source/migration";
import { captureOutput, type OutputBuffer } from "./capture-output";
import { interceptQueries, type QueryArguments, sqlOf } from "./intercept";
import { Leftovers, trackLeftovers } from "./leftovers";
import { type Fault, ownProcess } from "./own-process";

/** How long what code began may go on behind its end. Longer than a pool keeps an idle connection: 10 s (pg-pool). */
const usualSettleMs = 12_000;
const pollMs = 20;
/** How long code may take to notice that the run was stopped, when it awaits something other than a query. */
const usualNoticeMs = 1_000;
/** As much of a query as tells which one it was. */
const queryLength = 80;

/** What code did that ended before its queries, behind its subject. */
export const notAwaited = "ended while a query of it was under way: await it, or return its promise";

/** One call into the code of a migration. */
class Scope implements OutputBuffer {
  readonly leftovers = new Leftovers();
  output = "";
  /** Until the call has settled. */
  isLive = true;
  hasFailed = false;
  /** It hears what the server sends, so that it may wait for that. */
  listens = false;

  constructor(readonly migration: string) {}

  get subject(): string {
    return this.isLive ? "it" : `the code of ${this.migration}, which had ended,`;
  }
}

/**
 * Runs what migrations bring as code, and holds it to its word: a call has ended when its promise has settled, with all
 * that it began. Whatever else it does makes the run fail (INV-18): a query that it did not await, an error that nobody
 * caught, an end of the process, a wait for nothing.
 */
export class ModuleCode {
  private readonly scopes = new AsyncLocalStorage<Scope>();
  private readonly faults = new AbortController();
  private cleanUp: readonly (() => void)[] | undefined;
  /** Of the last call: what does not tell whose it is, is most likely its. */
  private latest?: Scope;
  private culprit = "";
  private noticeMs = usualNoticeMs;

  /** Aborted when the run is to stop: from outside with a SchemagateError, or by a fault of code. */
  readonly signal: AbortSignal;

  /**
   * @param interrupt aborted with a SchemagateError when the run is to stop.
   * @param settleMs how long what code began may go on behind its end. @default longer than a pool keeps a connection
   */
  constructor(
    private readonly client: Client,
    interrupt: AbortSignal,
    private readonly report: Report,
    private readonly settleMs = usualSettleMs,
  ) {
    this.signal = AbortSignal.any([interrupt, this.faults.signal]);
  }

  /** Runs the top level of a module. @throws refused (exit 4), or the interrupt. */
  async load({ name, file, load }: ModuleMigration): Promise<MigrationModule> {
    try {
      const module = await this.call(new Scope(name), load);
      this.signal.throwIfAborted();
      return module;
    } catch (error) {
      throw this.faultFound ? loadError(file, this.faultFound.error) : error;
    }
  }

  /**
   * Calls a function of a module with a client of its own, which dies with the call.
   *
   * @throws what it threw, what it did that it must not, or the interrupt.
   */
  async run<T>(migration: string, code: (client: Client) => Promise<T>): Promise<T> {
    const scope = new Scope(migration);
    const result = await this.call(scope, () => code(this.clientFor(scope)));
    await this.settle(scope);
    return result;
  }

  /** Tells a line of a migration's own. */
  log(migration: string, message: string): void {
    // Outside of the code's scope, or it would be captured.
    this.scopes.exit(() => this.report({ event: "log", migration, message }));
  }

  /** Stops watching the process. */
  close(): void {
    for (const clean of this.cleanUp ?? []) {
      clean();
    }
  }

  private async call<T>(scope: Scope, code: () => Promise<T>): Promise<T> {
    this.cleanUp ??= this.watch();
    this.latest = scope;
    const rest = this.letRest(() => !scope.listens);
    const stop = this.stopping();
    try {
      return await Promise.race([this.scopes.run(scope, async () => code()), stop.late]);
    } catch (error) {
      scope.hasFailed = true;
      throw error;
    } finally {
      scope.isLive = false;
      stop.forget();
      rest.end();
      this.flush(scope);
    }
  }

  /** While code runs and no query does, the connection keeps no process alive: a wait for nothing then shows. */
  private letRest(mayRest: () => boolean): { readonly end: () => void } {
    const { client } = this;
    const stream = streamOf(client);
    const { query } = client;
    const rest = () => void (mayRest() && stream.unref());
    // Whoever asks: what code asks may be led by something that asks for more.
    client.query = ((...given: Parameters<typeof query>) => {
      stream.ref();
      return Reflect.apply(query, client, given);
    }) as typeof query;
    client.on("drain", rest);
    stream.unref();
    return {
      end: () => {
        client.query = query;
        client.off("drain", rest);
        stream.ref();
      },
    };
  }

  private watch(): readonly (() => void)[] {
    const own = ownProcess();
    return [
      trackLeftovers(this.scopes),
      ...(own
        ? [
            own.onFault((fault) => this.fault(this.scopes.getStore() ?? this.latest, fault)),
            captureOutput(
              () => this.scopes.getStore(),
              (line, { migration }) => this.log(migration, line),
            ),
          ]
        : []),
    ];
  }

  private flush(scope: Scope): void {
    if (scope.output !== "") {
      this.log(scope.migration, scope.output);
      scope.output = "";
    }
  }

  /** Code that does not notice that the run was stopped is left behind. A query of it is cancelled first. */
  private stopping(): { readonly late: Promise<never>; readonly forget: () => void } {
    let timer: NodeJS.Timeout | undefined;
    let begin = () => {};
    const late = new Promise<never>((_, reject) => {
      begin = () => {
        timer = setTimeout(() => (this.isBusy ? begin() : reject(this.signal.reason)), this.noticeMs);
      };
    });
    this.signal.addEventListener("abort", begin);
    if (this.signal.aborted) {
      begin();
    }
    const forget = () => {
      clearTimeout(timer);
      this.signal.removeEventListener("abort", begin);
    };
    return { late, forget };
  }

  private clientFor(scope: Scope): Client {
    const query = (given: QueryArguments, send: () => unknown) => {
      if (!scope.isLive) {
        return this.answerLate(scope, given);
      }
      return this.signal.aborted ? Promise.reject(this.signal.reason) : send();
    };
    const use = (property: string) => {
      if (property === "end" || property === "connect") {
        throw new Error(`it called client.${property}: the connection is the run's, which opens and closes it`);
      }
      scope.listens ||= property === "on" || property === "once" || property === "addListener";
      if (scope.listens) {
        streamOf(this.client).ref();
      }
    };
    return interceptQueries(this.client, query, use);
  }

  /** A query of a call that has ended gets no answer: an error would be one that nobody awaits. */
  private answerLate(scope: Scope, given: QueryArguments): Promise<never> {
    // What goes on beside a failure is not what is wrong.
    if (!scope.hasFailed) {
      this.fault(scope, {
        what: `sent a query behind its end (${bounded(sqlOf(given).trim().replace(/\s+/g, " "), queryLength)}): it must await all that it does`,
      });
    }
    return new Promise(() => undefined);
  }

  /** Waits for the end of all that a call began. */
  private async settle(scope: Scope): Promise<void> {
    await new Promise(setImmediate);
    if (this.isBusy) {
      this.fault(undefined, { what: notAwaited });
      await this.idle();
    }
    for (let end = performance.now() + this.settleMs; !this.signal.aborted && scope.leftovers.pending > 0; ) {
      if (performance.now() > end) {
        this.failFor(scope.leftovers);
        break;
      }
      await delay(pollMs);
    }
    this.signal.throwIfAborted();
  }

  private failFor(leftovers: Leftovers): void {
    const left = leftovers.describe();
    if (left.length > 0) {
      const what = `ended ${this.settleMs / 1_000} s ago, and what it began goes on (${left.join(", ")}): await it, or end it`;
      this.fault(undefined, { what });
    }
  }

  /** Whether a query is under way, whatever kind of query it is. One whose error was told is not, though its answer goes on. */
  private get isBusy(): boolean {
    // What pg's types do not know.
    const { _activeQuery, _queryQueue } = this.client as unknown as { _activeQuery: unknown; _queryQueue: unknown[] };
    return Boolean(_activeQuery ?? _queryQueue[0]) && !streamOf(this.client).destroyed;
  }

  private async idle(): Promise<void> {
    while (this.isBusy) {
      await delay(pollMs);
    }
  }

  /** What code did that stopped the run, and whose it was. */
  get faultFound(): { readonly error: Error; readonly migration: string } | undefined {
    const { reason } = this.faults.signal;
    return reason && { error: reason, migration: this.culprit };
  }

  /** Stops the run. */
  private fault(scope: Scope | undefined, { what, cause, isStuck }: Fault): Error {
    if (!this.faults.signal.aborted) {
      this.culprit = (scope ?? this.latest)?.migration ?? "";
      this.noticeMs = isStuck ? 0 : usualNoticeMs;
    }
    const { code, detail, hint } = (cause ?? {}) as { code?: string; detail?: string; hint?: string };
    const error = Object.assign(new Error(`${scope?.subject ?? "it"} ${what}`, { cause }), { code, detail, hint });
    this.faults.abort(error);
    return error;
  }
}
