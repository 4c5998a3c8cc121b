"""Do models, revisions and head.sql say the same? Each makes a schema in a database for the moment, and their shapes are compared."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from sqlalchemy import Connection, NullPool, create_engine

from migrations import draft
from migrations.bootstrap import bootstrap
from migrations.head import head
from migrations.planes import CELL, SAAS, TENANT, Plane
from migrations.shape import scratch_schema, shape
from sandbox.machine.postgres import shared_postgres
from tenants.wall.engine import driver_url

VAR = Path(__file__).parents[1] / "var" / "test"


def disagreements() -> list[str]:
    """One line for each thing that the models have and the migrations lack, or the other way round."""
    found = [f"{name} is not what the models say: run python -m migrations.draft" for name in draft.stale()]
    with _empty_database() as url:
        engine = create_engine(driver_url(url), poolclass=NullPool)
        with engine.connect() as connection:
            found += compare(connection)
            connection.rollback()
    return found


def compare(connection: Connection) -> list[str]:
    """Works in the connection's transaction, which is to be rolled back."""
    found: list[str] = []
    for plane in (SAAS, CELL):
        modelled, migrated = _both_shapes(connection, plane)
        found += _differences(plane.name, modelled, migrated)
    modelled = _tenant_shape(connection, list(draft.tables(TENANT.metadata)))
    found += _differences("tenant", modelled, _tenant_shape(connection, TENANT.statements(None)))
    return found + _differences("head.sql", modelled, _tenant_shape(connection, head().statements))


def _both_shapes(connection: Connection, plane: Plane) -> tuple[set[str], set[str]]:
    shapes = []
    for statements in ([f"CREATE SCHEMA {plane.name}", *draft.tables(plane.metadata)], plane.statements(None)):
        connection.exec_driver_sql(f"DROP SCHEMA IF EXISTS {plane.name} CASCADE")
        for statement in statements:
            connection.exec_driver_sql(statement)
        shapes.append(shape(connection, plane.name))
    return shapes[0], shapes[1]


def _tenant_shape(connection: Connection, statements: list[str] | tuple[str, ...]) -> set[str]:
    with scratch_schema(connection) as schema:
        for statement in statements:
            connection.exec_driver_sql(statement)
        return shape(connection, schema)


def _differences(name: str, modelled: set[str], migrated: set[str]) -> list[str]:
    lacking = [f"{name}: the migrations lack {line}" for line in sorted(modelled - migrated)]
    return lacking + [f"{name}: the models lack {line}" for line in sorted(migrated - modelled)]


@contextmanager
def _empty_database() -> Iterator[str]:
    """The owner's URL of a database of the embedded PostgreSQL, for the moment: this drops whole schemas and must see no real one."""
    with shared_postgres(VAR / "postgres") as cluster:
        name = f"zuke_check_{secrets.token_hex(4)}"
        bootstrap(cluster.admin_url(), owner_password="", app_password="", database=name)
        yield cluster.url("zuke_owner", None, name)
        with psycopg.connect(cluster.admin_url(), autocommit=True) as admin:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())
