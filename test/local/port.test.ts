import { createServer as createHttpServer } from "node:http";
import { createServer, type ListenOptions, type Server } from "node:net";
import { holdPort } from "../../local/port";
import { Story } from "../../local/story";

let server: Server | undefined;

afterEach(async () => {
  await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
  server = undefined;
});

const told: string[] = [];
const story = new Story((line) => void told.push(line), false);

async function listen(options: ListenOptions, made: Server = createServer()): Promise<number> {
  server = made;
  await new Promise<void>((resolve) => made.listen({ port: 0, ...options }, resolve));
  const address = made.address();
  return typeof address === "object" && address ? address.port : 0;
}

test.each<[string, ListenOptions]>([
  ["127.0.0.1", { host: "127.0.0.1" }],
  ["::1", { host: "::1" }],
  ["0.0.0.0", { host: "0.0.0.0" }],
  ["::, both families", { host: "::" }],
  ["::, the newer family alone", { host: "::", ipv6Only: true }],
])("fails when somebody listens on %s of the port that was asked for", async (_where, options) => {
  const port = await listen(options);

  await expect(holdPort(port, 8080, story)).rejects.toMatchObject({
    code: "port-in-use",
    exitCode: 2,
    message: expect.stringMatching(new RegExp(`^port ${port} is in use on (127\\.0\\.0\\.1|::1): `)),
    hint: expect.stringContaining("--port NUMBER; --port 0"),
  });
});

test("takes another port when the synthesized one is in use, and says so", async () => {
  const port = await listen({ host: "::1" }, createHttpServer());

  const held = await holdPort(undefined, port, story);
  await held.release();

  expect(held.port).not.toBe(port);
  expect(told).toEqual([`port ${port} is in use on ::1, taking ${held.port}`]);
});

test("a port that is held is nobody else's until it is released", async () => {
  const held = await holdPort(0, 8080, story);

  await expect(holdPort(held.port, 8080, story)).rejects.toThrow("is in use");
  await held.release();
  await (await holdPort(held.port, 8080, story)).release();
});
