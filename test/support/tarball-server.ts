import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { version } from "../../package.json";
import { packProject } from "./pack";

/** The packed project, where npm can fetch it: on this machine, and in a build that shares its network. */
export interface TarballServer {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** Serves the packed project on loopback, as a registry would. */
export async function serveTarball(): Promise<TarballServer> {
  const data = readFileSync(await packProject());
  const server = createServer((_, response) => response.end(data));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/schemagate-${version}.tgz`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
