import type { Problem } from "../errors";
import type { LockHolder } from "../lock/holder";
import type { DatabaseTarget } from "../target";
import type { RunEvent } from "./events";
import type { FailureFacts } from "./report";

/** What a value in a JSON line must be, and what it becomes. */
export interface Shape<T> {
  /** @throws where it is something else. */
  readonly read: (value: unknown) => T;
  readonly isOptional: boolean;
  /** Never set: it makes a shape of a wider or a narrower type another type. */
  readonly exactly?: (value: T) => void;
}

type Required<T> = Shape<T> & { readonly isOptional: false };
type Optional<T> = Shape<T | undefined> & { readonly isOptional: true };

/** A shape for each field of a type: one that is missing, left over, or optional on one side only does not compile. */
export type ShapesOf<T> = {
  readonly [K in keyof T]-?: undefined extends T[K] ? Optional<Exclude<T[K], undefined>> : Required<T[K]>;
};

function required<T>(isOne: (value: unknown) => boolean, revive = (value: unknown) => value as T): Required<T> {
  const read = (value: unknown) => {
    if (!isOne(value)) {
      throw new TypeError(`unexpected ${typeof value}`);
    }
    return revive(value);
  };
  return { read, isOptional: false };
}

function optional<T>({ read }: Required<T>): Optional<T> {
  return { read: (value) => (value === undefined ? undefined : read(value)), isOptional: true };
}

const text = required<string>((value) => typeof value === "string");
/** Of milliseconds, rows, tries: what is counted. */
const amount = required<number>((value) => typeof value === "number" && Number.isFinite(value) && value >= 0);
const yesOrNo = required<boolean>((value) => typeof value === "boolean");
/** 1 to 255; a newer migrator may have codes that this version does not know. */
const exitCode = required<number>((value) => Number.isInteger(value) && Number(value) > 0 && Number(value) < 256);
const date = required<Date>(
  (value) => typeof value === "string" && Number.isFinite(Date.parse(value)),
  (value) => new Date(value as string),
);

function oneOf<T extends string>(...words: readonly T[]): Required<T> {
  return required<T>((value) => words.includes(value as T));
}

function list<T>({ read }: Required<T>): Required<readonly T[]> {
  return required<readonly T[]>(Array.isArray, (value) => (value as unknown[]).map((item) => read(item)));
}

function record<T extends object>(shapes: ShapesOf<T>): Required<T> {
  return required<T>(isRecord, (value) => readFields(shapes, value as Record<string, unknown>));
}

/** Whether a value of JSON is an object with fields. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Reads the fields that a type has, and leaves the others. @throws where one is not what it must be. */
export function readFields<T extends object>(shapes: ShapesOf<T>, fields: Readonly<Record<string, unknown>>): T {
  const all = Object.entries(shapes as Readonly<Record<string, Pick<Shape<unknown>, "read">>>);
  const read = all.map(([name, shape]) => [name, shape.read(fields[name])]);
  return Object.fromEntries(read.filter(([, value]) => value !== undefined)) as T;
}

const holder = record<LockHolder>({ pid: amount, applicationName: text, since: optional(date), state: text });
const problem = record<Problem>({ code: text, message: text, hint: optional(text) });
const direction = oneOf("up", "down");
const target = record<DatabaseTarget>({
  host: text,
  port: amount,
  database: text,
  user: optional(text),
  dataDir: optional(text),
  scratch: optional(required<true>((value) => value === true)),
});

type EventNamed<E> = Omit<Extract<RunEvent, { event: E }>, "event">;

/** The fields of every event of a run, as they stand in its line. */
export const eventShapes: { readonly [E in RunEvent["event"]]: ShapesOf<EventNamed<E>> } = {
  target: { target },
  "connect-retry": { reason: text, waitMs: amount },
  "lock-waiting": { holder: optional(holder), waitedMs: amount },
  warning: { code: text, message: text, hint: optional(text) },
  migrating: { direction, migration: text, resumedAt: optional(text) },
  migrated: { direction, migration: text, durationMs: amount },
  retry: { migration: text, reason: text, rolledBack: optional(yesOrNo), attempt: amount, of: amount, waitMs: amount },
  progress: { migration: text, done: amount, total: optional(amount), rowsPerSecond: amount },
  running: { migration: text, elapsedMs: amount, statement: optional(amount), of: optional(amount) },
  notice: {
    ...{ migration: text, severity: text, sqlState: text, message: text },
    ...{ detail: optional(text), hint: optional(text) },
  },
  log: { migration: text, message: text },
  done: {
    direction: oneOf("up", "down", "redo"),
    migrations: list(text),
    durationMs: amount,
    current: optional(text),
  },
};

/** What the line of a failure has for whoever reads it. */
export interface Failure extends FailureFacts {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  readonly exitCode: number;
  readonly problems?: readonly Problem[];
}

/** In a line, `hint` is ours: the server's is called `serverHint`. */
export const failureShapes: ShapesOf<Failure> = {
  code: text,
  message: text,
  hint: optional(text),
  exitCode,
  problems: optional(list(problem)),
  location: optional(text),
  sqlState: optional(text),
  excerpt: optional(text),
  detail: optional(text),
  serverHint: optional(text),
  context: optional(text),
  internalExcerpt: optional(text),
  done: optional(list(text)),
  notRun: optional(list(text)),
};
