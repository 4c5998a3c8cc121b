"""A tenant's schema and role: made, given rights, taken down. Only the owner of the database may; web and workers cannot."""

from collections.abc import Iterable
from typing import Any, LiteralString

from psycopg import Connection, sql

from tenants.values.ids import is_tenant_key

# `zuke_app` is the login of web and workers; it wears a tenant's role for one transaction.
# Default privileges, because `GRANT … ON ALL TABLES` reads the whole catalogue: 287 ms at 3,300 schemas.
RIGHTS: LiteralString = """
GRANT USAGE ON SCHEMA {key} TO {key};
ALTER DEFAULT PRIVILEGES IN SCHEMA {key} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {key};
GRANT {key} TO zuke_app"""


def provision(connection: Connection[Any], key: str, statements: Iterable[str]) -> None:
    """Makes role and schema for `key` in the caller's transaction, and runs single statements in it: its tables name no schema.

    All in one message: a hundred and more answers would each be waited for.
    """
    own = sql.SQL(";\n").join(
        [_with(key, "CREATE ROLE {key} NOLOGIN; CREATE SCHEMA {key}"), _with(key, RIGHTS), _with(key, "SET LOCAL search_path = {key}")]
    )
    # The tables' own text goes as it stands: it is no template, and a brace in it is a brace.
    connection.execute(";\n".join([own.as_string(connection), *statements, "SET LOCAL search_path = ''"]).encode())


def adopt(connection: Connection[Any], key: str) -> None:
    """Gives the role its rights in its schema, now and on every table that a later revision adds."""
    connection.execute(_with(key, RIGHTS))


def erase(connection: Connection[Any], key: str) -> None:
    """Takes schema and role away with all that was in them. Harmless when they are gone already."""
    connection.execute(_with(key, "DROP SCHEMA IF EXISTS {key} CASCADE; DROP ROLE IF EXISTS {key}"))


def _with(key: str, statements: LiteralString) -> sql.Composed:
    if not is_tenant_key(key):
        raise ValueError(f"not a tenant key: {key!r}")
    return sql.SQL(statements).format(key=sql.Identifier(key))
