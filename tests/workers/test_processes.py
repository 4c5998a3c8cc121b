"""The real processes, with a store and a database that go away and come back."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import Engine

from sandbox.machine.valkey import Store
from tenants.wall import outbox
from tenants.wall.session import inside
from tenants.wall.tenant import Tenant
from tests.world.database import ROOT, Database
from tests.world.door import SECRET
from tests.world.engine_room import Inbox
from workers.tenancy import now

PATIENCE = 90  # seconds; the machine may be busy
MODULES = ("workers.boot", "workers.sweeper")
Promise = Callable[[], None]


@pytest.fixture
def store(tmp_path: Path, loopback: None) -> Iterator[Store]:
    """A store of our own, which may be stopped."""
    store = Store(tmp_path / "valkey")
    store.start_detached(tmp_path / "valkey.log")
    yield store
    store.stop()


@pytest.fixture
def engine_room(database: Database, engine: Engine, store: Store, mail_port: int) -> Iterator[list[subprocess.Popen[bytes]]]:
    """A worker and a sweeper at work."""
    environ = os.environ | {
        "ZUKE_ENV": "test",
        "DATABASE_URL": database.app_url,
        "REDIS_URL": store.url(),
        "SECRET_KEY": SECRET,
        "SMTP_URL": f"smtp://127.0.0.1:{mail_port}",
    }
    processes = [subprocess.Popen([sys.executable, "-m", module], cwd=ROOT, env=environ) for module in MODULES]
    yield processes
    for process in processes:
        process.kill()
        process.wait()


@pytest.fixture
def promise(alpha: Tenant, engine: Engine) -> Promise:
    def call() -> None:
        with inside(alpha, engine) as session:
            outbox.promise(session, "mail", {"to": "bob@alpha.example", "subject": "s", "text": "t"}, at=now())

    return call


def come(inbox: Inbox, count: int) -> bool:
    """Are there so many mails, now or soon?"""
    deadline = time.monotonic() + PATIENCE
    while len(inbox.mails) < count and time.monotonic() < deadline:
        time.sleep(0.1)
    return len(inbox.mails) == count


def test_what_is_promised_is_sent_and_both_stop_when_told(engine_room: list[subprocess.Popen[bytes]], promise: Promise, inbox: Inbox) -> None:
    promise()
    assert come(inbox, 1)
    for process in engine_room:
        process.send_signal(signal.SIGTERM)
    assert [process.wait(PATIENCE) for process in engine_room] == [0, 0]


def test_the_store_goes_away_and_comes_back(
    engine_room: list[subprocess.Popen[bytes]], promise: Promise, inbox: Inbox, store: Store, tmp_path: Path
) -> None:
    promise()
    assert come(inbox, 1)
    store.stop()
    promise()
    time.sleep(4)
    assert [process.poll() for process in engine_room] == [None, None]
    store.start_detached(tmp_path / "valkey.log")
    assert come(inbox, 2)


def test_the_database_goes_away_and_comes_back(
    engine_room: list[subprocess.Popen[bytes]], promise: Promise, inbox: Inbox, database: Database, engine: Engine
) -> None:
    promise()
    assert come(inbox, 1)
    promise()
    with away(database):
        time.sleep(4)
        assert [process.poll() for process in engine_room] == [None, None]
    engine.dispose()
    assert come(inbox, 2)


@contextmanager
def away(database: Database) -> Iterator[None]:
    """Every connection of the app is cut, and none is let in."""
    with psycopg.connect(database.cluster.admin_url(), autocommit=True) as admin:
        limit = sql.SQL("ALTER DATABASE {} CONNECTION LIMIT {}")
        admin.execute(limit.format(sql.Identifier(database.name), sql.Literal(0)))
        admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND usename = 'zuke_app'", (database.name,))
        yield
        admin.execute(limit.format(sql.Identifier(database.name), sql.Literal(-1)))
