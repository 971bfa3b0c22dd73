import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { projectWith, running, startLocal } from "./support";

// Whoever answers on the app's port must be the app.

let server: Server;

beforeEach(() => {
  server = createServer((_request, response) => response.end("somebody else"));
});

afterEach(() => new Promise((resolve) => server.close(resolve)));

async function listen(port: number, host: string): Promise<number> {
  await new Promise<void>((resolve) => server.listen(port, host, resolve));
  return (server.address() as AddressInfo).port;
}

/** Named, so that none is started. */
const database = { DATABASE_URL: "postgres://nobody@127.0.0.1:1/nowhere" };

const serving = running(
  `require("node:http").createServer((request, response) => response.end("app")).listen(process.env.PORT, process.env.HOST)`,
);

test.each(["127.0.0.1", "::1", "0.0.0.0", "::"])(
  "fails when another server answers on %s: exit 2, before anything begins",
  async (host) => {
    const port = await listen(0, host);
    const project = projectWith(serving, running("console.log('migrating')"));

    const { code, stdout, stderr } = await startLocal(["--once", "--port", String(port)], database, project).ended;

    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(`port ${port} is in use on`);
    expect(stderr).toContain("--port NUMBER");
    expect(stderr).toContain("[port-in-use, exit 2]");
  },
);

test("fails when another process takes the port while the app starts, and answers in its place", async () => {
  // It never listens.
  const project = projectWith(
    running("console.log('began on ' + process.env.PORT + '.'); setInterval(() => {}, 1000)"),
  );
  const { ended, printed } = startLocal(["--once", "--port", "0"], database, project);
  const port = Number(await printed(/began on (\d+)\./));
  await listen(port, "127.0.0.1");

  const { code, stdout, stderr } = await ended;

  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(`port ${port} is in use`) });
  expect(stdout).not.toContain("app ready");
});

test("while the migrations run, nobody gets the port", async () => {
  const project = projectWith(
    serving,
    running("console.log('began'); process.on('SIGTERM', () => process.exit()); setInterval(() => {}, 1000)"),
  );
  const [port] = [await listen(0, "127.0.0.1")];
  await new Promise((resolve) => server.close(resolve));
  const { child, ended, printed } = startLocal(["--port", String(port)], database, project);
  await printed(/began/);

  await expect(
    new Promise((_, reject) => server.once("error", reject).listen(port, "127.0.0.1")),
  ).rejects.toMatchObject({
    code: "EADDRINUSE",
  });
  child.kill("SIGTERM");
  await ended;
});

test("the app may be a process that the container's command started, and listen on all addresses", async () => {
  const app = running(
    `const listen = 'require("node:http").createServer((request, response) => response.end("app")).listen(process.env.PORT)';
     const child = require("node:child_process").spawn(process.execPath, ["-e", listen]);
     process.on("SIGTERM", () => child.kill() && process.exit());`,
  );

  const { code, stdout } = await startLocal(["--once", "--port", "0"], database, projectWith(app)).ended;

  expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining("app ready at http://127.0.0.1:") });
});
