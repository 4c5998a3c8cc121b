"""Databases for tests: made once by the real migrations, then copied for each pytest process. Several developers run tests at once."""

import hashlib
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from migrations import draft, fleet
from migrations.bootstrap import bootstrap
from sandbox.machine.postgres import Cluster, shared_postgres
from tests.world import cast

ROOT = Path(__file__).parents[2]
VAR = ROOT / "var" / "test"
VACANT = 4
# What the template is made of. When a byte of it changes, a new template is made.
INGREDIENTS = (
    "migrations",
    "tenants/workspace",
    "tenants/team",
    "tenants/values",
    "tenants/wall",
    "saas/cells",
    "saas/identity",
    "saas/operator",
    "tests/world",
)


@dataclass(frozen=True, slots=True)
class Database:
    """One database of the test cluster: for the administrator, the owner, and the app."""

    cluster: Cluster
    name: str

    @property
    def admin_url(self) -> str:
        return self.cluster.admin_url(self.name)

    @property
    def owner_url(self) -> str:
        return self.cluster.url("zuke_owner", None, self.name)

    @property
    def app_url(self) -> str:
        return self.cluster.url("zuke_app", None, self.name)


@contextmanager
def test_cluster() -> Iterator[Cluster]:
    """The cluster of everybody who tests in this checkout."""
    with shared_postgres(VAR / "postgres") as cluster:
        yield cluster


@contextmanager
def test_database(cluster: Cluster) -> Iterator[Database]:
    """A database with the cast in it, for this process only; dropped after the block."""
    database = Database(cluster, f"zuke_test_{os.getpid()}_{secrets.token_hex(3)}")
    with psycopg.connect(cluster.admin_url(), autocommit=True) as admin:
        _copy(admin, _template(admin, cluster), database.name)
        prepare(cluster, database.name)
        try:
            yield database
        finally:
            _drop(admin, database.name)


@contextmanager
def empty_database(cluster: Cluster) -> Iterator[Database]:
    """A database with our logins and nothing else, for the tests of the migrations themselves."""
    database = Database(cluster, f"zuke_empty_{os.getpid()}_{secrets.token_hex(3)}")
    prepare(cluster, database.name)
    try:
        yield database
    finally:
        with psycopg.connect(cluster.admin_url(), autocommit=True) as admin:
            _drop(admin, database.name)


def prepare(cluster: Cluster, name: str) -> None:
    bootstrap(cluster.admin_url(), owner_password="", app_password="", database=name)


def _template(admin: psycopg.Connection, cluster: Cluster) -> str:
    """The name of the template that fits the code as it is now; made if it is not there."""
    name = f"zuke_template_{_fingerprint()}"
    admin.execute("SELECT pg_advisory_lock(727272)")
    try:
        if not admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone():
            if stale := draft.stale():
                raise RuntimeError(f"the models have changed, and {', '.join(stale)} not: run python -m migrations.draft")
            raw = Database(cluster, f"{name}_raw")
            _drop(admin, raw.name)
            prepare(cluster, raw.name)
            fleet.upgrade(raw.owner_url)
            fleet.pool(raw.owner_url, wanted=VACANT + 2)
            cast.enter_stage(raw.app_url)
            admin.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(raw.name), sql.Identifier(name)))
    finally:
        admin.execute("SELECT pg_advisory_unlock(727272)")
    return name


def _fingerprint() -> str:
    files = sorted(path for part in INGREDIENTS for path in (ROOT / part).rglob("*") if path.suffix in {".py", ".sql", ".ini"})
    digest = hashlib.sha256()
    for path in files:
        digest.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def _copy(admin: psycopg.Connection, template: str, name: str) -> None:
    admin.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER zuke_owner").format(sql.Identifier(name), sql.Identifier(template)))


def _drop(admin: psycopg.Connection, name: str) -> None:
    admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
