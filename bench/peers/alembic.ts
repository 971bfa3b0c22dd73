import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { versionOf } from "../support/postgres";
import type { Peer } from "./peer";

const python = process.env.PYTHON || "/usr/bin/python3";

/** The predecessor's tool, over psycopg2, from Debian's packages. */
export const alembic: Peer = {
  name: "Alembic",
  find: () => {
    const version = versionOf(python, "-c", "import alembic, psycopg2; print(alembic.__version__)");
    return version
      ? { version }
      : { absent: "install python3-alembic and python3-psycopg2, or name a PYTHON that has them" };
  },
  prepare: (dir, migrations) => {
    mkdirSync(join(dir, "versions"), { recursive: true });
    writeFileSync(join(dir, "alembic.ini"), `[alembic]\nscript_location = ${dir}\n`);
    writeFileSync(join(dir, "env.py"), environment);
    for (const [index, { version, slug, up, down }] of migrations.entries()) {
      const before = migrations[index - 1]?.version;
      writeFileSync(join(dir, "versions", `${version}_${slug}.py`), revision(version, before, up, down));
    }
    return (url) => ({
      command: [python, "-m", "alembic", "-c", join(dir, "alembic.ini"), "upgrade", "head"],
      env: { DATABASE_URL: `${url.replace("postgres://", "postgresql+psycopg2://")}?sslmode=disable` },
    });
  },
};

const environment = `import os
from alembic import context
from sqlalchemy import create_engine, pool

engine = create_engine(os.environ["DATABASE_URL"], poolclass=pool.NullPool)
with engine.connect() as connection:
    context.configure(connection=connection, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()
`;

function revision(version: string, before: string | undefined, up: string, down: string): string {
  const [upgrade, downgrade] = [up, down].map((sql) => `    op.execute(${JSON.stringify(sql)})`);
  return `from alembic import op

revision = "${version}"
down_revision = ${before ? `"${before}"` : "None"}


def upgrade():
${upgrade}


def downgrade():
${downgrade}
`;
}
