"""The caretaker of a cell: keeps vacant schemas ready and takes down those that were left. Works as the owner of the database."""

from collections.abc import Sequence
from typing import Any

from psycopg import Connection, sql

from tenants.values.ids import tenant_key
from tenants.wall import provision

POOL = 20  # vacant schemas


def make_vacant(connection: Connection[Any], revision: str, tables: Sequence[str]) -> str:
    """One more schema at `revision`, in a transaction of its own; returns its key.

    Its commit waits for no disk: what a crash takes back is the schema and the ledger's row together, and whoever claims one commits later.
    """
    key = tenant_key()
    entry = "INSERT INTO cell.schemas (key, state, revision, made_at, migrated_at) VALUES ({}, 'vacant', {}, now(), now())"
    ledger = sql.SQL(entry).format(key, revision).as_string(connection)
    with connection.transaction():
        provision.provision(connection, key, ["SET LOCAL synchronous_commit = off", *tables, ledger])
    return key


def fill(connection: Connection[Any], revision: str, tables: Sequence[str], *, wanted: int = POOL) -> int:
    """Makes schemas until `wanted` are vacant; returns how many were made. Two at once make a few too many, which is harmless."""
    row = connection.execute("SELECT count(*) FROM cell.schemas WHERE state = 'vacant' AND error IS NULL").fetchone()
    missing = max(0, wanted - (row[0] if row else 0))
    for _ in range(missing):
        make_vacant(connection, revision, tables)
    return missing


def erase(connection: Connection[Any], key: str) -> None:
    """A tenant's schema, role and bells, gone for good."""
    with connection.transaction():
        connection.execute("SET LOCAL lock_timeout = '4s'")
        provision.erase(connection, key)
        connection.execute("DELETE FROM cell.bells WHERE tenant = %s", (key,))
        connection.execute("DELETE FROM cell.schemas WHERE key = %s", (key,))


def clear_leaving(connection: Connection[Any]) -> int:
    """Takes down what was left; returns how many."""
    keys = [row[0] for row in connection.execute("SELECT key FROM cell.schemas WHERE state = 'leaving'").fetchall()]
    for key in keys:
        erase(connection, key)
    return len(keys)
