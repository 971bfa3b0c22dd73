import { isLocal } from "../../migrator/connection/tls";
import type { EngineKind } from "./engine";

type Environment = Readonly<Record<string, string | undefined>>;

/** How a container names the machine it runs on, where it does not share its network. */
const hostNames: Readonly<Record<EngineKind, string>> = {
  podman: "host.containers.internal",
  docker: "host.docker.internal",
};

/**
 * The variables that name a database, as a container must see them: with its own network, this machine is not localhost.
 * The way there does not leave the machine, so a database that was reached without TLS still is.
 *
 * @param hostNetwork whether the container shares this machine's network; then nothing changes.
 */
export function databaseFromPod(database: Environment, engine: EngineKind, hostNetwork: boolean): Environment {
  if (hostNetwork) {
    return database;
  }
  const host = hostNames[engine];
  const changed: Record<string, string | undefined> = { ...database };
  if (database.PGHOST && isLocal(database.PGHOST)) {
    changed.PGHOST = host;
    changed.PGSSLMODE = database.PGSSLMODE ?? "disable";
  }
  if (database.DATABASE_URL) {
    const url = new URL(database.DATABASE_URL);
    if (isLocal(url.hostname)) {
      url.hostname = host;
      if (!url.searchParams.has("sslmode")) {
        url.searchParams.set("sslmode", "disable");
      }
    }
    changed.DATABASE_URL = url.href;
  }
  return changed;
}
