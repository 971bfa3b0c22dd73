import { Story } from "../../local/story";

test.each([
  [
    '{"event":"lock-waiting","holder":{"pid":7,"applicationName":"psql","state":"active","since":"2026-01-01T00:00:00.000Z"},"waitedMs":2}',
    "waiting for the lock, held by psql (pid 7, active, connected since 2026-01-01T00:00:00.000Z), 2 ms so far",
  ],
  ['{"event":"lock-waiting","holder":[],"waitedMs":2}', '{"event":"lock-waiting","holder":[],"waitedMs":2}'],
  ['{"event":"failed"}', '{"event":"failed"}'],
  ["null", "null"],
])("%s, printed by a container, is told as %s", (line, told) => {
  const printed: string[] = [];

  new Story((text) => void printed.push(text), false).containerLine("migrate", line);

  expect(printed).toEqual([`  migrate | ${told}`]);
});
