"""Engines whose connections begin their own transactions, so that BEGIN and the wall travel in one round trip."""

import select
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry

TOUCHED = "touched_tenants"
RETIRE_AFTER = 500  # tenants; a backend keeps about 20 kB for every table it has ever touched

OPTIONS: dict[str, Any] = {
    # autocommit: psycopg sends no BEGIN of its own (tenants.wall.session does). No server-side prepared statements: tenants may be at
    # different revisions, which makes cached plans fail, and PgBouncer hands each transaction another backend.
    "connect_args": {"autocommit": True, "prepare_threshold": None},
    "pool_recycle": 1800,
    "pool_size": 8,
    "max_overflow": 4,
}


def make_engine(url: str, **options: Any) -> Engine:
    """`url` is a libpq or SQLAlchemy URL of PostgreSQL."""
    return retiring(create_engine(driver_url(url), **(OPTIONS | options)))


def driver_url(url: str) -> str:
    """postgres:// and postgresql:// as SQLAlchemy wants to hear them."""
    scheme, _, rest = url.partition("://")
    return f"postgresql+psycopg://{rest}" if scheme in {"postgres", "postgresql"} else url


def libpq_url(url: str) -> str:
    """The same URL as psycopg itself wants to hear it."""
    return url.replace("postgresql+psycopg://", "postgresql://", 1)


def retiring(engine: Engine) -> Engine:
    """A connection that has touched `RETIRE_AFTER` tenants is closed when it comes home: memory of its backend stays bounded.

    One whose server has gone meanwhile is not handed out, so that a restart of the database costs nobody an error page.
    """

    @event.listens_for(engine, "checkin")
    def retire(_: DBAPIConnection | None, entry: ConnectionPoolEntry) -> None:
        if len(entry.info.get(TOUCHED, ())) >= RETIRE_AFTER:
            entry.invalidate()

    @event.listens_for(engine, "checkout")
    def refuse_the_dead(connection: Any, _: ConnectionPoolEntry, __: object) -> None:
        if connection.closed or _has_been_spoken_to(connection.fileno()):
            raise DisconnectionError("the server has said farewell")

    return engine


def _has_been_spoken_to(socket: int) -> bool:
    """A server says nothing to an idle connection but that it is going. Asking the kernel costs a microsecond, asking the server a round trip."""
    waiting = select.poll()
    waiting.register(socket, select.POLLIN)
    return bool(waiting.poll(0))
