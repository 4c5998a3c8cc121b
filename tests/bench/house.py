"""Where the bench is held: a PostgreSQL of its own with 1,000 companies, one of them large. Made once, kept under var/bench.

Everything goes in by the product's own ways: migrations, vacant schemas, sign-ups, sample data.
"""

import datetime as dt
import fcntl
import hashlib
import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import Engine, select

from migrations import fleet
from migrations.bootstrap import bootstrap
from migrations.head import FILE, head
from saas.cells.upkeep import make_vacant
from saas.identity import sessions
from saas.identity.models import Person
from saas.identity.people import register
from saas.registry.models import Tenant as TenantRow
from saas.signup.signup import Application, Signup
from sandbox.machine.postgres import Cluster
from sandbox.machine.valkey import Store
from tenants.demo.bench import crowd
from tenants.team.actor import find_actor
from tenants.wall.engine import make_engine
from tenants.wall.session import inside, landlord_plane, open_session
from tenants.wall.tenant import Tenant
from tests.bench.say import say

VAR = Path(__file__).parents[2] / "var" / "bench"
MAIL = "boss@bench.example"
LARGE = "large"  # the slug of the company with many customers
SPARE = 10  # vacant schemas that always stand ready
# While the house is made, nothing waits for a disk; what is measured later runs with PostgreSQL's own settings, as bin/up does.
HURRIED = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off", "max_wal_size": "8GB"}


@dataclass(frozen=True, slots=True)
class Sizes:
    tenants: int
    customers: int

    @property
    def name(self) -> str:
        """A database's: another one for other sizes, and for other tables."""
        return f"zuke_{self.tenants}_{self.customers}_{hashlib.sha256(FILE.read_bytes()).hexdigest()[:6]}"


@dataclass(frozen=True, slots=True)
class House:
    """The large company's boss is `person`; who rents all other companies, too. `store` is the Valkey that doorbells ring in."""

    cluster: Cluster
    store: Store
    sizes: Sizes
    engine: Engine
    person: Person
    tenants: dict[str, Tenant]

    @property
    def large(self) -> Tenant:
        return self.tenants[LARGE]

    @property
    def app_url(self) -> str:
        return self.cluster.url("zuke_app", None, self.sizes.name)

    @property
    def owner_url(self) -> str:
        return self.cluster.url("zuke_owner", None, self.sizes.name)

    def admin_url(self, database: str | None = None) -> str:
        return self.cluster.admin_url(database or self.sizes.name)

    def environment(self) -> dict[str, str]:
        """The settings of the web process, as in production but for https."""
        return {
            "ZUKE_ENV": "production",
            "DATABASE_URL": self.app_url,
            "OWNER_DATABASE_URL": self.owner_url,
            "REDIS_URL": self.store.url(),
            "SECRET_KEY": secrets.token_hex(32),
            "PUBLIC_URL": "http://localhost",
        }

    def sign_in(self) -> str:
        """The token of a new session of the boss's."""
        with open_session(self.engine, landlord_plane()) as landlord:
            token = sessions.begin(landlord, self.person.id, at=dt.datetime.now(dt.UTC), means="password", address="127.0.0.1", agent="bench")
            landlord.commit()
        return token

    def make_vacant(self, wanted: int) -> None:
        """So many schemas stand ready at least."""
        with fleet.connected(self.owner_url) as connection:
            row = connection.execute("SELECT count(*) FROM cell.schemas WHERE state = 'vacant' AND error IS NULL").fetchone()
        missing = max(0, wanted - (row[0] if row else 0))
        _provision(self.owner_url, missing)


@contextmanager
def open_house(sizes: Sizes) -> Iterator[House]:
    """One bench at a time."""
    VAR.mkdir(parents=True, exist_ok=True)
    with (VAR / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SystemExit("Another bench is running.") from None
        with _store() as store:
            with _running(HURRIED) as cluster:
                _build(cluster, sizes)
            with _running({}) as cluster:
                engine = make_engine(cluster.url("zuke_app", None, sizes.name))
                yield House(cluster, store, sizes, engine, *_inhabitants(engine))
                engine.dispose()


@contextmanager
def _running(settings: dict[str, str]) -> Iterator[Cluster]:
    cluster = Cluster(VAR / "postgres", settings)
    cluster.make()
    cluster.clear_leftovers()
    cluster.start_detached(VAR / "postgres.log")
    try:
        yield cluster
    finally:
        cluster.stop(patience=120)


@contextmanager
def _store() -> Iterator[Store]:
    store = Store(VAR / "valkey", {"appendonly": "no"})
    store.stop()
    store.start_detached(VAR / "valkey.log")
    try:
        yield store
    finally:
        store.stop()


def _build(cluster: Cluster, sizes: Sizes) -> None:
    """Does what is missing."""
    _drop_stale(cluster, sizes)
    bootstrap(cluster.admin_url(), owner_password="", app_password="", database=sizes.name)
    owner_url = cluster.url("zuke_owner", None, sizes.name)
    fleet.upgrade(owner_url)
    engine = make_engine(cluster.url("zuke_app", None, sizes.name))
    person = _boss(engine)
    known = _companies(engine)
    wanted = [slug for number in range(sizes.tenants) if (slug := f"firm-{number:04}" if number else LARGE) not in known]
    if wanted:
        say(f"{len(wanted)} companies move in")
        _provision(owner_url, len(wanted) + SPARE)
        for slug in wanted:
            _sign_up(engine, person, slug)
    large = _companies(engine)[LARGE]
    if not _is_large(engine, large):
        say(f"the large company gets {sizes.customers:,} customers")
        with inside(large, engine, timeout=0) as session:
            boss = find_actor(session, person.id)
            assert boss is not None
            crowd(session, by=boss, at=dt.datetime.now(dt.UTC), zone=large.zone, count=sizes.customers)
        with psycopg.connect(cluster.admin_url(sizes.name), autocommit=True) as admin:
            admin.execute("VACUUM (ANALYZE)")
    engine.dispose()


def _drop_stale(cluster: Cluster, sizes: Sizes) -> None:
    """Databases of these sizes, but with tables as they no longer are."""
    prefix = sizes.name.rpartition("_")[0] + "_"
    with psycopg.connect(cluster.admin_url(), autocommit=True) as admin:
        stale = [name for (name,) in admin.execute("SELECT datname FROM pg_database") if name.startswith(prefix) and name != sizes.name]
        for name in stale:
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _provision(owner_url: str, count: int) -> None:
    def make(number: int) -> None:
        with fleet.connected(owner_url) as connection:
            for _ in range(number):
                make_vacant(connection, head().revision, head().statements)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(make, (count // 2, count - count // 2)))


def _boss(engine: Engine) -> Person:
    with open_session(engine, landlord_plane()) as landlord:
        person = landlord.scalar(select(Person).where(Person.mail == MAIL))
        if person is None:
            now = dt.datetime.now(dt.UTC)
            person = register(landlord, mail=MAIL, name="林青", password_hash=None, locale="zh_Hans_CN", at=now, is_confirmed=True)
        landlord.commit()
    return person


def _sign_up(engine: Engine, person: Person, slug: str) -> None:
    application = Application(f"清河贸易 {slug}", slug, "zh_Hans_CN", person.id)
    with Signup(engine, "main", engine).of(application, at=dt.datetime.now(dt.UTC), say=str):
        pass


def _companies(engine: Engine) -> dict[str, Tenant]:
    with open_session(engine, landlord_plane()) as landlord:
        return {row.slug: _value(row) for row in landlord.scalars(select(TenantRow).order_by(TenantRow.slug))}


def _inhabitants(engine: Engine) -> tuple[Person, dict[str, Tenant]]:
    return _boss(engine), _companies(engine)


def _value(row: Any) -> Tenant:
    return sessions.value_of(row)


def _is_large(engine: Engine, tenant: Tenant) -> bool:
    with inside(tenant, engine) as session:
        return session.connection().exec_driver_sql("SELECT 1 FROM customers LIMIT 1").first() is not None
