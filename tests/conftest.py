"""What every test may ask for. Real PostgreSQL, migrated by the real migrations; the cast in it; put back after each test as it was before."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from sandbox.machine.postgres import Cluster
from tenants.team.actor import Actor, find_actor
from tenants.wall.engine import make_engine
from tenants.wall.session import inside, landlord_plane, open_session
from tenants.wall.tenant import Tenant
from tests.world.cast import Player, call_players
from tests.world.database import Database, test_cluster, test_database
from tests.world.door import Guest
from tests.world.snapshot import Snapshot

pytest_plugins = ["tests.world.browser", "tests.world.store", "tests.world.engine_room", "tests.world.stripe"]
NEED_LOOPBACK = {"browse", "redis", "_address", "loopback"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Sockets are off (tool.pytest in pyproject.toml); what drives a browser or a store may speak to this machine."""
    for item in items:
        names = set(getattr(item, "fixturenames", ()))
        if names & NEED_LOOPBACK:
            item.add_marker(pytest.mark.allow_hosts(["127.0.0.1", "::1"]))
        if "browse" in names:
            item.add_marker("browser")


@pytest.fixture
def loopback() -> None:
    """Lets the test speak to servers on this machine."""


@pytest.fixture(scope="session")
def _cluster() -> Iterator[Cluster]:
    """Held from the first test that needs it to the last: the last who leaves stops it, and who comes then makes a new one."""
    with test_cluster() as cluster:
        yield cluster


@pytest.fixture(scope="session")
def database(_cluster: Cluster) -> Iterator[Database]:
    with test_database(_cluster) as database:
        yield database


@pytest.fixture(scope="session")
def _engine(database: Database) -> Iterator[Engine]:
    engine = make_engine(database.app_url)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def _world(_engine: Engine) -> tuple[dict[str, Tenant], dict[str, Player]]:
    return call_players(_engine)


@pytest.fixture(scope="session")
def _snapshot(database: Database, _world: tuple[dict[str, Tenant], dict[str, Player]]) -> Iterator[Snapshot]:
    snapshot = Snapshot(database.admin_url, [tenant.key for tenant in _world[0].values()])
    yield snapshot
    snapshot.close()


@pytest.fixture
def engine(_engine: Engine, _snapshot: Snapshot) -> Iterator[Engine]:
    """The app's engine. What the test writes, in whichever process, is put back after it."""
    yield _engine
    _snapshot.restore()


@pytest.fixture
def engines(engine: Engine) -> dict[str, Engine]:
    """By the name of the cell."""
    return {"main": engine}


@pytest.fixture
def companies(engine: Engine, _world: tuple[dict[str, Tenant], dict[str, Player]]) -> dict[str, Tenant]:
    return _world[0]


@pytest.fixture
def players(engine: Engine, _world: tuple[dict[str, Tenant], dict[str, Player]]) -> dict[str, Player]:
    return _world[1]


@pytest.fixture
def alpha(companies: dict[str, Tenant]) -> Tenant:
    return companies["alpha"]


@pytest.fixture
def beta(companies: dict[str, Tenant]) -> Tenant:
    return companies["beta"]


@pytest.fixture
def landlord(engine: Engine) -> Iterator[Session]:
    """A session on the landlord's plane; what is not committed is rolled back."""
    with open_session(engine, landlord_plane()) as session:
        yield session


@pytest.fixture
def inside_alpha(alpha: Tenant, engine: Engine) -> Iterator[Session]:
    """A session in alpha, committed when the test ends well."""
    with inside(alpha, engine) as session:
        yield session


@pytest.fixture
def inside_beta(beta: Tenant, engine: Engine) -> Iterator[Session]:
    with inside(beta, engine) as session:
        yield session


@pytest.fixture
def actor(companies: dict[str, Tenant], players: dict[str, Player], engine: Engine) -> Callable[[str], Actor]:
    """actor("bob"): the member as the domain sees him."""

    def call(name: str) -> Actor:
        player = players[name]
        assert player.company is not None, f"{name} works for no company"
        with open_company(companies[player.company], engine) as session:
            found = find_actor(session, player.person_id)
        assert found is not None
        return found

    return call


def open_company(tenant: Tenant, engine: Engine) -> Session:
    """Like `inside`, but beside another company's work: for looking at both."""
    from tenants.wall.session import tenant_plane

    return open_session(engine, tenant_plane(tenant))


def _one(name: str) -> Any:
    @pytest.fixture(name=name)
    def fixture(actor: Callable[[str], Actor]) -> Actor:
        return actor(name)

    return fixture


alice, mei, bob, rhea, charlie = (_one(name) for name in ("alice", "mei", "bob", "rhea", "charlie"))


@pytest.fixture(scope="session")
def _app(database: Database) -> Iterator[Flask]:
    from tests.world.door import make_app

    app = make_app(database.app_url)
    yield app
    with app.app_context():
        from web.database import db

        for engine in db.engines.values():
            engine.dispose()


@pytest.fixture
def app(_app: Flask, engine: Engine) -> Flask:
    return _app


@pytest.fixture
def client_of(app: Flask, players: dict[str, Player], engine: Engine) -> Callable[[str], Guest]:
    """client_of("bob"): a client that is signed in; client_of("anonymous") is not."""
    from tests.world.door import guest

    return lambda name: guest(app, engine, players.get(name))
