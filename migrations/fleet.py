"""All tenants, one revision: python -m migrations.fleet upgrade | status | pool. Works as the owner, beside the previous release.

A revision's SQL is written down once and run in every schema: some twenty schemas a transaction, a few transactions at a time. A batch that
fails is tried again schema by schema; what fails then is recorded in the ledger (cell.schemas) and passed over. Run it again to go on.
"""

import argparse
import os
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import Any

import psycopg
from alembic import command
from psycopg import Connection, errors, sql
from sqlalchemy import NullPool, create_engine

from migrations.head import head
from migrations.planes import CELL, SAAS, TENANT, Plane
from saas.cells.upkeep import POOL, clear_leaving, fill
from tenants.wall.engine import driver_url, libpq_url

BATCH = 20  # schemas a transaction: all its tables stay locked until it ends
HANDS = 3  # transactions at a time
ONE_AT_A_TIME = 7_220_719  # the advisory lock of everybody who migrates
# A batch gives up early, because nineteen tenants wait while it waits for one; alone, a schema may wait for 4 s, three times.
BATCH_PATIENCE = "300ms"
PATIENCE = "4s"
TRIES = 3


def upgrade(url: str, *, statements: Sequence[str] | None = None, target: str | None = None, with_landlord: bool = True) -> list[tuple[str, str]]:
    """Brings landlord, cell and every tenant to the newest revision; returns (key, error) of the schemas that could not follow.

    `statements` and `target` stand in for Alembic's own in tests and benches.
    """
    with connected(url) as connection, alone(connection):
        if statements is None:
            upgrade_landlord(url, (SAAS, CELL) if with_landlord else (CELL,))
        for revision in _revisions_behind(connection, target or head().revision):
            steps = TENANT.statements(revision) if statements is None else statements
            upgrade_tenants(url, revision, target or head().revision, steps)
        return failures(connection)


def upgrade_landlord(url: str, planes: Sequence[Plane] = (SAAS, CELL)) -> None:
    engine = create_engine(driver_url(url), poolclass=NullPool)
    for plane in planes:
        with engine.begin() as connection:
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{PATIENCE}'")
            command.upgrade(plane.config(connection=connection), "head")


def upgrade_tenants(url: str, before: str, after: str, steps: Sequence[str]) -> None:
    """Every schema at revision `before` gets `steps` and is at `after`."""
    with connected(url) as connection:
        keys = [row[0] for row in connection.execute("SELECT key FROM cell.schemas WHERE revision = %s ORDER BY key", (before,))]
    batches = [keys[i : i + BATCH] for i in range(0, len(keys), BATCH)]
    hands = min(HANDS, len(batches))
    if hands:
        with ThreadPoolExecutor(hands) as pool:
            for done in [pool.submit(_work_off, url, batches[i::hands], after, steps) for i in range(hands)]:
                done.result()


def _work_off(url: str, batches: Sequence[Sequence[str]], after: str, steps: Sequence[str]) -> None:
    with connected(url) as connection:
        for keys in batches:
            try:
                _apply(connection, keys, after, steps, patience=BATCH_PATIENCE)
            except psycopg.Error:
                if connection.closed:
                    raise
                _one_by_one(connection, keys, after, steps)


def _apply(connection: Connection[Any], keys: Sequence[str], after: str, steps: Sequence[str], *, patience: str) -> None:
    statements = [step.encode() for step in steps]
    with connection.transaction():
        connection.execute(sql.SQL("SET LOCAL lock_timeout = {}").format(patience))
        for key in keys:
            connection.execute(sql.SQL("SET LOCAL search_path = {}").format(sql.Identifier(key)))
            for statement in statements:
                connection.execute(statement)
        connection.execute("UPDATE cell.schemas SET revision = %s, migrated_at = now(), error = NULL WHERE key = ANY(%s)", (after, list(keys)))


def _one_by_one(connection: Connection[Any], keys: Sequence[str], after: str, steps: Sequence[str]) -> None:
    for key in keys:
        try:
            _patiently(partial(_apply, connection, [key], after, steps, patience=PATIENCE))
        except psycopg.Error as error:
            if connection.closed:
                raise
            connection.execute("UPDATE cell.schemas SET error = %s WHERE key = %s", (str(error).strip(), key))


def _patiently(apply: partial[None]) -> None:
    for attempt in range(1, TRIES + 1):
        try:
            apply()
            return
        except (errors.LockNotAvailable, errors.DeadlockDetected):
            if attempt == TRIES:
                raise
            time.sleep(0.2 * attempt)


def _revisions_behind(connection: Connection[Any], target: str) -> list[str]:
    rows = connection.execute("SELECT DISTINCT revision FROM cell.schemas WHERE revision <> %s ORDER BY revision", (target,))
    return [row[0] for row in rows]


def failures(connection: Connection[Any]) -> list[tuple[str, str]]:
    return connection.execute("SELECT key, error FROM cell.schemas WHERE error IS NOT NULL ORDER BY key").fetchall()


def status(url: str) -> list[str]:
    """How many schemas stand at which revision, and what went wrong, one sentence a line."""
    with connected(url) as connection:
        counts = connection.execute("SELECT revision, state, count(*) FROM cell.schemas GROUP BY 1, 2 ORDER BY 1, 2").fetchall()
        lines = [f"{revision}: {count} {state}" for revision, state, count in counts]
        return lines + [f"{key} stays behind: {error}" for key, error in failures(connection)]


def pool(url: str, *, wanted: int = POOL) -> int:
    """Takes down the schemas that were left, then fills the pool; returns how many were made."""
    with connected(url) as connection:
        clear_leaving(connection)
        return fill(connection, head().revision, head().statements, wanted=wanted)


@contextmanager
def connected(url: str) -> Iterator[Connection[Any]]:
    with psycopg.connect(libpq_url(url), autocommit=True, prepare_threshold=None) as connection:
        yield connection


@contextmanager
def alone(connection: Connection[Any]) -> Iterator[None]:
    """Waits until nobody else migrates."""
    connection.execute("SELECT pg_advisory_lock(%s)", (ONE_AT_A_TIME,))
    try:
        yield
    finally:
        if not connection.closed:
            connection.execute("SELECT pg_advisory_unlock(%s)", (ONE_AT_A_TIME,))


def main(words: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m migrations.fleet", description="Migrate landlord, cell and all tenants.")
    parser.add_argument("verb", choices=["upgrade", "status", "pool"])
    parser.add_argument("--vacant", type=int, default=POOL, help="how many schemas to keep ready")
    parser.add_argument("--cell", action="store_true", help="the database is a further cell, not the landlord's own")
    chosen = parser.parse_args(words)
    url = os.environ.get("OWNER_DATABASE_URL")
    if not url:
        parser.error("OWNER_DATABASE_URL is not set")
    if chosen.verb == "upgrade":
        failed = upgrade(url, with_landlord=not chosen.cell)
        pool(url, wanted=chosen.vacant)
        print(f"all at {head().revision}" if not failed else f"{len(failed)} schemas stayed behind", file=sys.stderr if failed else sys.stdout)
        return 1 if failed else 0
    if chosen.verb == "pool":
        print(f"{pool(url, wanted=chosen.vacant)} schemas made")
    else:
        print("\n".join(status(url)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
