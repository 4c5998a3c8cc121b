"""Alembic's way in, for every plane. The section of alembic.ini says which."""

import os

from alembic import context
from sqlalchemy import Connection, NullPool, create_engine, text

from migrations.planes import PLANES, Plane
from migrations.shape import scratch_schema
from tenants.wall.engine import driver_url


def run(plane: Plane, connection: Connection) -> None:
    if plane.version_schema:
        connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {plane.version_schema}"))
    context.configure(
        connection=connection,
        target_metadata=plane.metadata,
        version_table_schema=plane.version_schema,
        include_schemas=plane.version_schema is not None,
        include_name=lambda name, kind, _: kind != "schema" or name == plane.version_schema,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()


def on_line(plane: Plane) -> None:
    handed_in = context.config.attributes.get("connection")
    if handed_in is not None:
        run(plane, handed_in)
        return
    engine = create_engine(driver_url(os.environ["OWNER_DATABASE_URL"]), poolclass=NullPool)
    with engine.begin() as connection:
        run(plane, connection)


def compare_tenant() -> None:
    """`alembic -n tenant revision --autogenerate` and `check` compare the models with a schema made for just that moment."""
    plane = PLANES["tenant"]
    engine = create_engine(driver_url(os.environ["OWNER_DATABASE_URL"]), poolclass=NullPool)
    with engine.begin() as connection, scratch_schema(connection):
        for statement in plane.statements(None):
            connection.exec_driver_sql(statement)
        connection.exec_driver_sql("CREATE TABLE alembic_version (version_num text)")
        connection.exec_driver_sql(f"INSERT INTO alembic_version VALUES ('{plane.head()}')")  # noqa: S608 - our own revision id
        run(plane, connection)


def off_line(plane: Plane) -> None:
    context.configure(dialect_name="postgresql", target_metadata=plane.metadata, version_table_schema=plane.version_schema)
    with context.begin_transaction():
        context.run_migrations()


def is_upgrade() -> bool:
    try:
        context.get_revision_argument()
    except KeyError:  # a comparison has no revision to go to
        return False
    return True


name = context.config.config_ini_section
if context.is_offline_mode():
    off_line(PLANES[name])
elif name == "tenant":
    if is_upgrade():
        raise SystemExit("Tenants are upgraded all together: python -m migrations.fleet upgrade")
    compare_tenant()
else:
    on_line(PLANES[name])
