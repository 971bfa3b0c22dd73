import { type AsyncLocalStorage, createHook } from "node:async_hooks";

/** What Node.js tells of something that may call back: a timer, a connection, a request of the file system. */
interface Resource {
  readonly type: string;
  /** Of what keeps a process alive until it is closed. */
  readonly handle?: { hasRef(): boolean };
}

/** Handles that may rest for good without anything to come of them: a pool's connection, say. */
const mayRest = /^(TCP|TLS|PIPE|TTY)/;
/** Requests that call back once, of the file system and of the name service. */
const isRequest = /^(FSREQ|GETADDRINFO|GETNAMEINFO|QUERYWRAP)/;

const words: Readonly<Record<string, string>> = {
  Timeout: "a timer",
  Immediate: "a timer",
  PROCESSWRAP: "a process",
  WORKER: "a thread",
};

/** What some code began that has not ended yet. */
export class Leftovers {
  private readonly resources = new Map<number, Resource>();

  /** @returns whether it may call back at all. */
  add(id: number, type: string, resource: object): boolean {
    const isHandle = typeof (resource as { hasRef?: unknown }).hasRef === "function";
    if (isHandle || isRequest.test(type)) {
      this.resources.set(id, { type, handle: isHandle ? (resource as { hasRef(): boolean }) : undefined });
    }
    return this.resources.has(id);
  }

  /** Something called back: a request has ended with that. */
  called(id: number): void {
    if (!this.resources.get(id)?.handle) {
      this.resources.delete(id);
    }
  }

  delete(id: number): void {
    this.resources.delete(id);
  }

  /** How much is still under way. */
  get pending(): number {
    return this.live.length;
  }

  /** What is still under way and must come to an end, in words. */
  describe(): readonly string[] {
    const types = this.live.filter(({ handle }) => handle).map(({ type }) => type);
    return [...new Set(types.filter((type) => !mayRest.test(type)).map((type) => words[type] ?? type))];
  }

  private get live(): readonly Resource[] {
    return [...this.resources.values()].filter(({ handle }) => !handle || handle.hasRef());
  }
}

/** Notes what code begins, by the leftovers that it runs with. @returns stops it. */
export function trackLeftovers(scopes: AsyncLocalStorage<{ readonly leftovers: Leftovers }>): () => void {
  const owners = new Map<number, Leftovers>();
  const hook = createHook({
    init: (id, type, _trigger, resource) => {
      // Promises are most of what there is, and begin nothing.
      const leftovers = type === "PROMISE" ? undefined : scopes.getStore()?.leftovers;
      if (leftovers?.add(id, type, resource)) {
        owners.set(id, leftovers);
      }
    },
    after: (id) => owners.get(id)?.called(id),
    destroy: (id) => {
      owners.get(id)?.delete(id);
      owners.delete(id);
    },
  }).enable();
  return () => void hook.disable();
}
