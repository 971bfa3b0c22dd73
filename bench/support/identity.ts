import { spawn } from "node:child_process";

/** An endpoint of managed identities, as a container has it, in a process of its own. */
export interface Identity {
  /** What the platform sets in the container. */
  readonly env: Readonly<Record<string, string>>;
  readonly stop: () => void;
}

const program = `
const { createServer } = require("node:http");
const answer = { access_token: process.env.TOKEN, expires_on: String(Math.floor(Date.now() / 1000) + 3600), token_type: "Bearer" };
const server = createServer((_, response) => {
  response.setHeader("content-type", "application/json").end(JSON.stringify(answer));
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
`;

/** Starts an endpoint that gives out a token. */
export async function startIdentity(token: string): Promise<Identity> {
  const child = spawn(process.execPath, ["-e", program], {
    env: { TOKEN: token },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const port = await new Promise((resolve) => child.stdout.once("data", (chunk) => resolve(String(chunk).trim())));
  return {
    env: { IDENTITY_ENDPOINT: `http://127.0.0.1:${port}/msi/token`, IDENTITY_HEADER: "secret" },
    stop: () => void child.kill(),
  };
}
