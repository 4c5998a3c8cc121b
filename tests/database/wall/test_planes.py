"""No tenant, no data: what the code refuses, and what PostgreSQL refuses behind it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import psycopg
import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import DBAPIError, ProgrammingError
from sqlalchemy.orm import Session

from saas.world import LandlordBase
from tenants.customers.customer import Customer
from tenants.values.ids import new_id
from tenants.wall.bells import BELLS, ring
from tenants.wall.session import AnotherTenant, NoTenant, WallSession, current_tenant, inside, open_session, tenant_plane
from tenants.wall.tenant import Tenant
from tests.world.database import Database
from tests.world.stage import AT, prop


def test_each_company_sees_its_own(inside_alpha: Session, inside_beta_too: Session) -> None:
    assert set(inside_alpha.scalars(select(Customer.name))) == {"Alice's customer", "Bob's customer"}
    assert set(inside_beta_too.scalars(select(Customer.name))) == {"Beta's customer"}
    assert inside_alpha.get(Customer, prop("customer", "Beta")) is None


@pytest.fixture
def inside_beta_too(beta: Tenant, engine: Engine) -> Iterator[Session]:
    with open_session(engine, tenant_plane(beta)) as session:
        yield session


def test_a_session_without_a_plane_refuses(engine: Engine) -> None:
    with WallSession(engine) as session, pytest.raises(NoTenant):
        session.execute(text("SELECT 1"))


def test_outside_the_wall_there_is_no_table(engine: Engine, alpha: Tenant) -> None:
    with engine.connect() as connection:
        with pytest.raises(ProgrammingError, match="does not exist"):
            connection.execute(text("SELECT * FROM customers"))
        with pytest.raises(ProgrammingError, match="permission denied"):
            connection.execute(text(f"SELECT * FROM {alpha.key}.customers"))


def test_another_companys_schema_is_closed(inside_alpha: Session, beta: Tenant) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"):
        inside_alpha.execute(text(f"SELECT * FROM {beta.key}.customers"))


@pytest.mark.parametrize("table", sorted(LandlordBase.metadata.tables))
def test_the_landlords_tables_are_closed(inside_alpha: Session, table: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"):
        inside_alpha.execute(text(f"SELECT * FROM {table}"))


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM cell.bells",
        "UPDATE cell.bells SET due_at = now()",
        "DELETE FROM cell.bells",
        "TRUNCATE cell.bells",
        "SELECT * FROM cell.schemas",
        "UPDATE cell.schemas SET state = 'let'",
        "CREATE TABLE more (id int)",
        "CREATE TEMPORARY TABLE more (id int)",
        "CREATE SCHEMA more",
        "ALTER TABLE customers ADD COLUMN more int",
        "DROP TABLE customers",
        "TRUNCATE customers",
        "CREATE ROLE more",
        "COPY customers TO '/tmp/customers'",
        "COPY customers FROM PROGRAM 'true'",
        "SELECT pg_read_file('/etc/passwd')",
    ],
)
def test_a_tenants_role_may_no_more_than_use_its_tables(inside_alpha: Session, statement: str) -> None:
    with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"):
        inside_alpha.execute(text(statement))


def test_one_rings_for_oneself_only(inside_alpha: Session, landlord: Session, alpha: Tenant, beta: Tenant) -> None:
    ring(inside_alpha, "outbox", AT)
    inside_alpha.commit()
    assert landlord.execute(text("SELECT tenant, kind FROM cell.bells")).all() == [(alpha.key, "outbox")]
    for name in (beta.key, "saas"):
        with pytest.raises(ProgrammingError, match="row-level security"):
            inside_alpha.execute(BELLS.insert().values(id=new_id(), tenant=name, due_at=AT, kind="outbox"))
        inside_alpha.rollback()


def test_one_may_not_nest_another_tenant(alpha: Tenant, beta: Tenant, engine: Engine) -> None:
    with inside(alpha, engine):
        with inside(alpha, engine):
            assert current_tenant() == alpha
        with pytest.raises(AnotherTenant), inside(beta, engine):
            pass
        assert current_tenant() == alpha
    with pytest.raises(NoTenant):
        current_tenant()


def test_a_key_that_is_not_one_never_reaches_sql(alpha: Tenant) -> None:
    from dataclasses import replace

    for key in ("saas", "t_", "t_aaaaaaaaaa; DROP", "T_AAAAAAAAAA", "t_aaaaaaaaaa\n"):
        with pytest.raises(ValueError, match="not a tenant key"):
            tenant_plane(replace(alpha, key=key))


def commits(session: Session) -> None:
    session.commit()


def rolls_back(session: Session) -> None:
    session.rollback()


def errs(session: Session) -> None:
    with pytest.raises(DBAPIError):
        session.execute(text("SELECT 1/0"))
    session.close()


def times_out(session: Session) -> None:
    with pytest.raises(DBAPIError, match="statement timeout"):
        session.execute(text("SELECT pg_sleep(5)"))
    session.close()


def is_left(session: Session) -> None:
    session.close()


@pytest.mark.parametrize("ends", [commits, rolls_back, errs, times_out, is_left])
def test_nothing_leaks_into_the_pool(alpha: Tenant, engine: Engine, ends: Callable[[Session], None]) -> None:
    engine.dispose()  # one connection, so that the next one asked for is the same
    with open_session(engine, tenant_plane(alpha, timeout=200)) as session:
        backend = session.scalar(text("SELECT pg_backend_pid()"))
        assert session.scalar(text("SELECT current_user")) == alpha.key
        ends(session)
    with engine.connect() as connection:
        row = connection.execute(
            text("SELECT pg_backend_pid(), current_user, current_setting('search_path'), current_setting('statement_timeout')")
        ).one()
    assert row == (backend, "zuke_app", '""', "0")


def test_after_a_rollback_the_wall_stands_again(inside_alpha: Session, alpha: Tenant) -> None:
    inside_alpha.rollback()
    assert inside_alpha.scalar(text("SELECT current_user")) == alpha.key
    inside_alpha.commit()
    assert inside_alpha.scalar(text("SELECT current_user")) == alpha.key


def test_a_savepoint_stays_inside(inside_alpha: Session, alpha: Tenant) -> None:
    with inside_alpha.begin_nested():
        assert inside_alpha.scalar(text("SELECT current_user")) == alpha.key
    assert inside_alpha.scalar(text("SELECT current_user")) == alpha.key


def test_the_wall_is_one_round_trip(engine: Engine, alpha: Tenant) -> None:
    """Role, search_path and timeout travel with BEGIN."""
    from sqlalchemy import event

    sent: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda _c, _k, statement, *_: sent.append(statement))
    with inside(alpha, engine) as session:
        session.scalars(select(Customer.name)).all()
    assert len(sent) == 2
    assert sent[0].startswith("BEGIN; SET LOCAL ROLE")


def test_a_connection_that_has_seen_many_tenants_is_retired(engine: Engine, alpha: Tenant, beta: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    def backend(tenant: Tenant) -> object:
        with inside(tenant, engine) as session:
            return session.scalar(text("SELECT pg_backend_pid()"))

    engine.dispose()
    monkeypatch.setattr("tenants.wall.engine.RETIRE_AFTER", 2)
    first = backend(alpha)
    assert backend(alpha) == first, "the same tenant again wears nothing out"
    assert backend(beta) == first
    assert backend(beta) != first, "it had touched two tenants and was closed when it came home"


def test_a_restart_of_the_database_costs_nobody_an_error(engine: Engine, alpha: Tenant, database: Database) -> None:
    """Connections that lie in the pool when their server goes are not handed out."""
    engine.dispose()
    with ExitStack() as stack:
        for _ in range(3):
            stack.enter_context(inside(alpha, engine)).scalar(text("SELECT 1"))
    assert engine.pool.checkedin() == 3  # type: ignore[attr-defined]
    with psycopg.connect(database.admin_url, autocommit=True) as admin:
        admin.execute("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database() AND usename = 'zuke_app'")
    for _ in range(5):
        with inside(alpha, engine) as session:
            assert session.scalar(text("SELECT current_user")) == alpha.key
