import { mayHaveArrived, retryAfterMs } from "../../deploy/azure/errors";
import { beganSince } from "../../deploy/job/start";

it.each([
  ["a server's own trouble", { statusCode: 500 }, true],
  ["a gateway that gave up", { statusCode: 504 }, true],
  ["a server that gave up", { statusCode: 408 }, true],
  ["an accepted request whose answer cannot be read", { statusCode: 202, code: "PARSE_ERROR" }, true],
  ["a dropped connection", { code: "ECONNRESET" }, true],
  ["a time-out", { name: "TimeoutError" }, true],
  ["what nobody foresaw", new Error("?"), true],
  ["a throttle", { statusCode: 429 }, false],
  ["a conflict", { statusCode: 409 }, false],
  ["a refused token", { statusCode: 401 }, false],
  ["a refused connection", { code: "ECONNREFUSED" }, false],
  ["an unknown host", { code: "ENOTFOUND" }, false],
  ["a certificate that is not trusted", { code: "UNABLE_TO_VERIFY_LEAF_SIGNATURE" }, false],
  ["no token", { name: "AuthenticationError" }, false],
])("a request may have been done behind %s: %#", (_, thrown, expected) => {
  expect(mayHaveArrived(thrown)).toBe(expected);
});

it.each([
  [{ "retry-after": "90" }, 90_000],
  [{ "retry-after": " 1.5 " }, 1_500],
  [{ "retry-after-ms": "250", "retry-after": "90" }, 250],
  [{ "x-ms-retry-after-ms": "250" }, 250],
  [{ "retry-after": "Mon, 02 Mar 2026 10:01:30 GMT", date: "Mon, 02 Mar 2026 10:00:00 GMT" }, 90_000],
  [{ "retry-after": "Mon, 02 Mar 2026 10:00:00 GMT", date: "Mon, 02 Mar 2026 10:01:00 GMT" }, 0],
  [{ "retry-after": "soon" }, undefined],
  [{}, undefined],
])("reads how long Azure asks to be left alone: %j", (headers: Record<string, string>, expected) => {
  expect(retryAfterMs({ response: { headers: { get: (name: string) => headers[name] } } })).toBe(expected);
});

it("takes no execution for one that began which is older than one that was known", () => {
  const at = (name: string, minute: number) => ({
    name,
    status: "Running",
    startedAt: new Date(2026, 2, 2, 10, minute),
  });
  expect(beganSince([at("b", 5)], [at("a", 4), at("b", 5), at("c", 6)], ["down"])).toEqual(["c"]);
  expect(beganSince([], [at("a", 4), { name: "b", status: "Running" }], undefined)).toEqual(["a", "b"]);
});
