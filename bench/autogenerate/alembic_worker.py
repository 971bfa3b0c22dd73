"""Answers JSON lines: autogenerates a migration with Alembic, and runs it.

{"step": "up", "base": url, "models": url, "work": url}  what turns base into models is written, and run on work
{"step": "down", "work": url}                            what was written last is reverted on work

Answers {"error": null or text, "code": text}.
"""

import json
import re
import sys

import sqlalchemy as sa
from alembic.autogenerate import produce_migrations, render_python_code
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy.dialects import postgresql

# What a generated file has: its template imports these, and what the rendered types need.
FILE_NAMES = {"sa": sa, "postgresql": postgresql}


def engine_of(url):
    return sa.create_engine(url, poolclass=sa.pool.NullPool)


def reflect(url):
    """The models: what SQLAlchemy knows of the database that has the schema afterwards."""
    engine = engine_of(url)
    metadata = sa.MetaData()
    for schema in sa.inspect(engine).get_schema_names():
        if schema != "information_schema":
            metadata.reflect(engine, schema=None if schema == "public" else schema)
    for table in metadata.tables.values():
        for column in table.columns:
            column.server_default = as_written(column.server_default)
    return metadata


def as_written(default):
    """A literal as people write it in models; Alembic takes the reflected 'x'::text for the name of a column."""
    text = str(getattr(default, "arg", ""))
    literal = re.fullmatch(r"'((?:[^']|'')*)'::[\w .\[\]()]+", text)
    return sa.DefaultClause(literal[1].replace("''", "'")) if literal else default


def write(request):
    metadata = reflect(request["models"])
    with engine_of(request["base"]).connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "compare_server_default": True,
                "include_schemas": True,
                "target_metadata": metadata,
            },
        )
        script = produce_migrations(context, metadata)
        return {
            "up": render_python_code(script.upgrade_ops, migration_context=context),
            "down": render_python_code(script.downgrade_ops, migration_context=context),
        }


def run(code, url):
    with engine_of(url).begin() as connection:
        op = Operations(MigrationContext.configure(connection))
        # As the template of a revision has it.
        exec(f"def migrate():\n    {code}\nmigrate()", {**FILE_NAMES, "op": op})


def main():
    code = {"up": "pass", "down": "pass"}
    for line in sys.stdin:
        request = json.loads(line)
        step = request["step"]
        error = None
        try:
            if step == "up":
                code = {"up": "pass", "down": "pass"}
                code = write(request)
            run(code[step], request["work"])
        except Exception as failure:  # Whatever goes wrong is the result.
            error = f"{type(failure).__name__}: {failure}".split("\n")[0]
        print(json.dumps({"error": error, "code": code[step]}), flush=True)


main()
