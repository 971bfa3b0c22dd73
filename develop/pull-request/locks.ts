import type { Blocked, SeenLock } from "./planned";

/** Modes from weak to strong (lockdefs.h), and what they make wait. */
const modes: Readonly<Record<string, Blocked>> = {
  AccessShareLock: "DDL",
  RowShareLock: "DDL",
  RowExclusiveLock: "DDL",
  ShareUpdateExclusiveLock: "DDL",
  ShareLock: "writes, DDL",
  ShareRowExclusiveLock: "writes, DDL",
  ExclusiveLock: "writes, DDL",
  AccessExclusiveLock: "reads, writes, DDL",
};

const order = Object.keys(modes);

/** Makes a lock of what pg_locks says. */
export function toLock(table: string, mode: string): SeenLock {
  return { table, mode, blocks: modes[mode] ?? "DDL" };
}

/** Strongest first; by name where they are equal. */
export function sortLocks(locks: readonly SeenLock[]): SeenLock[] {
  return [...locks].sort((a, b) => strength(b) - strength(a) || (a.table < b.table ? -1 : 1));
}

/** The strongest lock on each table. */
export function strongestByTable(locks: readonly SeenLock[]): SeenLock[] {
  const strongest = new Map<string, SeenLock>();
  for (const lock of locks) {
    const known = strongest.get(lock.table);
    if (!known || strength(known) < strength(lock)) {
      strongest.set(lock.table, lock);
    }
  }
  return sortLocks([...strongest.values()]);
}

/** Locks that are new or stronger than those before. */
export function gained(before: readonly SeenLock[], now: readonly SeenLock[]): SeenLock[] {
  const held = new Map(before.map((lock) => [lock.table, strength(lock)]));
  return strongestByTable(now).filter((lock) => strength(lock) > (held.get(lock.table) ?? -1));
}

function strength({ mode }: SeenLock): number {
  return order.indexOf(mode);
}
