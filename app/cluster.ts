import cluster, { type Worker } from "node:cluster";
import type { FastifyBaseLogger } from "fastify";
import type { AppSettings } from "./settings";
import { onStopSignal } from "./shutdown";
import { httpUrl } from "./worker";

/** Deaths counted together. */
const restartWindowMs = 60_000;
/** What workers are given beyond their own deadline before they are killed. */
const killAfterMs = 2_000;

/** Says whether one more worker may be replaced: so many in each window. When not, dying is no accident. */
export class RestartBudget {
  private readonly restarts: number[] = [];

  constructor(
    private readonly max: number,
    private readonly windowMs: number,
  ) {}

  /** @param nowMs any clock that only moves forward. */
  take(nowMs: number): boolean {
    while (this.restarts[0] !== undefined && this.restarts[0] <= nowMs - this.windowMs) {
      this.restarts.shift();
    }
    if (this.restarts.length >= this.max) {
      return false;
    }
    this.restarts.push(nowMs);
    return true;
  }
}

/**
 * Runs the workers of one app behind one port: replaces those that die, and ends when told to, or when they die so fast
 * that replacing them hides a fault that the platform should see.
 */
export class Supervisor {
  private readonly budget: RestartBudget;
  /** Exit code to end with; set once stopping. */
  private exitCode: number | undefined;
  private announced = false;

  constructor(
    private readonly settings: AppSettings,
    private readonly log: FastifyBaseLogger,
    private readonly exit: (code: number) => void,
  ) {
    this.budget = new RestartBudget(Math.max(5, settings.workers), restartWindowMs);
  }

  /** Starts the workers. From here on the supervisor ends the process. */
  start(): void {
    cluster.on("listening", (worker, { address, port }) => this.announce(worker, address, port));
    cluster.on("exit", (worker, code, signal) => this.onExit(worker, code, signal));
    onStopSignal((signal) => {
      this.log.info({ signal }, "stopping workers");
      this.stop(0);
    });
    for (let started = 0; started < this.settings.workers; started += 1) {
      cluster.fork();
    }
  }

  private announce(worker: Worker, address: string | null | undefined, port: number): void {
    this.log.info({ worker: worker.process.pid }, "worker ready");
    if (!this.announced) {
      this.announced = true;
      this.log.info(
        { address: httpUrl(address ?? this.settings.host, port), workers: this.settings.workers },
        "listening",
      );
    }
  }

  private onExit(worker: Worker, code: number, signal: string): void {
    if (this.exitCode !== undefined) {
      // SIGTERM: the worker was told to stop before it could listen to signals.
      if (code !== 0 && signal !== "SIGTERM") {
        this.exitCode ||= 1;
      }
      this.endWhenAlone();
      return;
    }
    this.log.error({ worker: worker.process.pid, code, signal }, "worker died");
    if (code === 2) {
      this.log.fatal("a worker refused its settings: not replaced");
      this.stop(2);
    } else if (!this.budget.take(performance.now())) {
      this.log.fatal("workers die too fast: not replaced");
      this.stop(1);
    } else {
      cluster.fork();
    }
  }

  private stop(exitCode: number): void {
    this.exitCode ??= exitCode;
    this.signalWorkers("SIGTERM");
    setTimeout(() => {
      this.log.error("workers did not stop in time: killed");
      this.signalWorkers("SIGKILL");
    }, this.settings.shutdownTimeoutMs + killAfterMs);
    this.endWhenAlone();
  }

  private signalWorkers(signal: NodeJS.Signals): void {
    for (const worker of Object.values(cluster.workers ?? {})) {
      worker?.kill(signal);
    }
  }

  private endWhenAlone(): void {
    if (Object.keys(cluster.workers ?? {}).length === 0) {
      this.log.info("stopped");
      this.exit(this.exitCode ?? 0);
    }
  }
}
