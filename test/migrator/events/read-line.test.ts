import { SchemagateError } from "../../../migrator/errors";
import type { RunEvent } from "../../../migrator/events/events";
import { describeLogLine } from "../../../migrator/events/log-line";
import { readExitCode, readLine } from "../../../migrator/events/read-line";
import { describeError, describeEvent, errorLine, eventLine } from "../../../migrator/events/report";
import { eventShapes, failureShapes } from "../../../migrator/events/shapes";
import { createStyle } from "../../../migrator/events/words";

const plain = createStyle(false);
const time = new Date("2026-03-02T10:00:00.000Z");

type Fields<E> = { readonly [K in keyof Omit<Extract<RunEvent, { event: E }>, "event">]-?: unknown };

/** Each event with all of its fields; one that is missing does not compile. */
const samples: {
  readonly [E in RunEvent["event"]]: Required<Omit<Extract<RunEvent, { event: E }>, "event">> & Fields<E>;
} = {
  target: {
    target: { host: "db.example", port: 5_432, database: "orders", user: "api", dataDir: ".data", scratch: true },
  },
  "connect-retry": { reason: "ECONNREFUSED", waitMs: 250 },
  "lock-waiting": {
    holder: { pid: 7, applicationName: "psql", state: "active", since: new Date("2026-01-01T00:00:00.000Z") },
    waitedMs: 10_000,
  },
  warning: { code: "ahead", message: "the database is ahead", hint: "Deploy." },
  migrating: { direction: "up", migration: "1_a", resumedAt: "statement 3" },
  migrated: { direction: "down", migration: "1_a", durationMs: 12 },
  retry: { migration: "1_a", reason: "deadlock", rolledBack: false, attempt: 1, of: 5, waitMs: 700 },
  progress: { migration: "1_a", done: 5_000, total: 20_000, rowsPerSecond: 3_000.5 },
  running: { migration: "1_a", elapsedMs: 20_000, statement: 2, of: 3 },
  notice: {
    ...{ migration: "1_a", severity: "WARNING", sqlState: "01000", message: "look" },
    ...{ detail: "why", hint: "what the server says" },
  },
  log: { migration: "1_a", message: "two lines\nof text" },
  done: { direction: "redo", migrations: ["1_a", "2_b"], durationMs: 70_000, current: "2_b" },
};

/** Every event with all of its fields, and without the optional ones. */
const events = Object.entries(samples).flatMap(([event, fields]): RunEvent[] => {
  const shapes = eventShapes[event as RunEvent["event"]];
  const needed = Object.entries(fields).filter(
    ([name]) => !(shapes as Record<string, { isOptional: boolean }>)[name]?.isOptional,
  );
  return [
    { event, ...fields },
    { event, ...Object.fromEntries(needed) },
  ] as RunEvent[];
});

const failure = new SchemagateError({
  code: "migration-failed",
  message: "migration 2_b failed and was rolled back: division by zero",
  hint: "Mend the migration and run again.",
  exitCode: 6,
  problems: [
    { code: "a", message: "one thing", hint: "Mend it." },
    { code: "b", message: "another" },
  ],
  details: {
    migration: "2_b",
    direction: "up",
    location: "m/2_b.sql:2:1",
    sqlState: "22012",
    excerpt: "2 | SELECT 1/0\n           ^",
    detail: "why",
    hint: "what the server says",
    context: "PL/pgSQL function f() line 3 at EXECUTE\nPL/pgSQL function g() line 1 at PERFORM",
    internalExcerpt: "1 | SELECT 1/0\n           ^",
    done: ["1_a"],
    notRun: ["3_c"],
  },
});

const failures = [failure, new SchemagateError({ code: "interrupted", message: "ended by SIGTERM", exitCode: 143 })];

test.each(events)("$event has the words that it has where it happens", (event) => {
  const line = eventLine(event, time);

  expect(readLine(line)).toEqual({ kind: "event", event });
  expect(describeLogLine(line, plain)).toBe(describeEvent(event, plain));
});

test.each(failures)("so has the failure $code", (error) => {
  const line = errorLine(error, time);

  expect(describeLogLine(line, plain)).toBe(describeError(error, plain));
  expect(readExitCode(line)).toBe(error.exitCode);
});

test("a field of another kind makes it a line like any other", () => {
  const wrong: unknown[] = [null, [], {}, true, "x", 1, [null], [{}], { toString: 1 }];
  const lines = [...events.map((event) => eventLine(event, time)), errorLine(failure, time)];
  const changed = lines.flatMap((line) => {
    const fields: Record<string, unknown> = JSON.parse(line);
    return Object.keys(fields)
      .filter((name) => name in (eventShapes[fields.event as RunEvent["event"]] ?? failureShapes))
      .flatMap((name) =>
        wrong
          .filter((value) => kindOf(value) !== kindOf(fields[name]))
          .map((value) => JSON.stringify({ ...fields, [name]: value })),
      );
  });

  expect(changed.length).toBeGreaterThan(300);
  expect(changed.filter((line) => describeLogLine(line, plain) !== line)).toEqual([]);
});

function kindOf(value: unknown): string {
  return value === null ? "null" : Array.isArray(value) ? "list" : typeof value;
}

test.each([
  "",
  "plain text",
  "null",
  "1",
  "1e999",
  '"text"',
  "[]",
  '[{"event":"failed"}]',
  "{}",
  '{"event":"failed"}',
  '{"event":"failed","code":"x","message":"y"}',
  '{"event":"failed","code":"x","message":"y","exitCode":0}',
  '{"event":"failed","code":"x","message":"y","exitCode":256}',
  '{"event":"failed","code":"x","message":"y","exitCode":6,"problems":[null]}',
  '{"event":"failed","code":"x","message":"y","exitCode":6,"location":{"toString":1}}',
  '{"event":"failed","code":"x","message":"y","exitCode":6,"done":"1_a"}',
  '{"event":"lock-waiting"}',
  '{"event":"lock-waiting","holder":null,"waitedMs":2}',
  '{"event":"lock-waiting","holder":{"pid":1,"applicationName":"x","state":"active","since":"soon"},"waitedMs":2}',
  '{"event":"progress","migration":"1_a","done":-5,"total":10,"rowsPerSecond":1}',
  '{"event":"done","direction":"sideways","migrations":[],"durationMs":1}',
  '{"event":"from-a-newer-version","migration":"1_a"}',
  '{"event":"toString"}',
  '{"event":"__proto__"}',
  '{"__proto__":{"event":"failed","msg":"x"}}',
  '{"event":["failed"]}',
  '{"event":"status","open":true,"pending":0}',
  '{"msg":null}',
  '{"msg":{"event":"failed"}}',
  '{"event":"migrated","direction":"up","migra',
  `{"msg":"deep","field":${"[".repeat(200_000)}${"]".repeat(200_000)}}`,
])("%.60s stays as it is", (line) => {
  expect(describeLogLine(line, plain)).toBe(line);
});

test("a holder whose connection another role may not look at has no beginning", () => {
  const line = '{"event":"lock-waiting","holder":{"pid":1,"applicationName":"x","state":"unknown"},"waitedMs":2}';

  expect(describeLogLine(line, plain)).toBe("waiting for the lock, held by x (pid 1, unknown), 2 ms so far");
});

test("a logger's line keeps what it does not repeat, whatever that is", () => {
  const line = '{"level":30,"msg":"listening","event":"failed","port":3000,"a":null,"b":{"c":[1]},"exitCode":7}';

  expect(describeLogLine(line, plain)).toBe('listening event=failed port=3000 a=null b={"c":[1]} exitCode=7');
});

test.each([
  ['{"event":"failed","exitCode":6}', 6],
  ['{"event":"failed","exitCode":6,"hint":null}', 6],
  ['{"event":"failed","exitCode":0}', undefined],
  ['{"event":"failed","exitCode":6.5}', undefined],
  ['{"event":"failed","exitCode":512}', undefined],
  ['{"event":"failed","exitCode":"6"}', undefined],
  ['{"event":"done","exitCode":6}', undefined],
  ["null", undefined],
])("%s says the exit code %s", (line, code) => {
  expect(readExitCode(line)).toBe(code);
});

/** Numbers that look like chance and are the same in each run (xorshift). */
function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

test("INV-24: any line survives it, also one that was changed by chance", () => {
  const random = seeded(20260302);
  const lines = [...events.map((event) => eventLine(event, time)), ...failures.map((error) => errorLine(error, time))];
  const pieces = ["null", "[]", "{}", "-1", '"x"', "1e999", "{", "}", '"', "\\", ",", "\u0000", "\ud83d", "true"];
  const mutate = (line: string) => {
    const at = random(line.length + 1);
    const length = random(2) === 0 ? 0 : random(12);
    return line.slice(0, at) + pieces[random(pieces.length)] + line.slice(at + length);
  };
  const mutateValue = (line: string) => {
    const fields = Object.entries(JSON.parse(line));
    const changed = fields.map(([name, value]) => [
      name,
      random(3) === 0 ? JSON.parse(values[random(values.length)] as string) : value,
    ]);
    return JSON.stringify(Object.fromEntries(changed));
  };
  const values = ["null", "[]", "{}", "-1", '"x"', "1e999", "true", "[null]", '{"pid":{}}', '{"toString":1}', "0"];
  const exitCodes = [undefined, ...Array.from({ length: 255 }, (_, index) => index + 1)];
  for (let round = 0; round < 20_000; round += 1) {
    const line = lines[random(lines.length)] as string;
    const mutated = random(2) === 0 ? mutate(random(2) === 0 ? line : mutate(line)) : mutateValue(line);
    expect(["string", "undefined"]).toContain(typeof describeLogLine(mutated, plain));
    expect(exitCodes).toContain(readExitCode(mutated));
  }
});
