"""Any order of two companies' work, with errors in between, on a small pool: nobody ever reads a foreign canary."""

from contextlib import suppress

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, create_engine, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from tenants.customers.tag import Tag
from tenants.values.ids import new_id
from tenants.wall.engine import OPTIONS, driver_url, retiring
from tenants.wall.session import open_session, tenant_plane
from tenants.wall.tenant import Tenant
from tests.world.database import Database

WORK = st.tuples(
    st.sampled_from(["alpha", "beta"]), st.integers(0, 2), st.sampled_from(["write", "read", "commit", "rollback", "err", "leave", "savepoint"])
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(WORK, min_size=5, max_size=40))
def test_no_foreign_canary(engine: Engine, database: Database, companies: dict[str, Tenant], work: list[tuple[str, int, str]]) -> None:
    # Two connections for up to six sessions would block; six are taken and given back in an order that hypothesis chooses.
    small = retiring(create_engine(driver_url(database.app_url), **(OPTIONS | {"pool_size": 6, "max_overflow": 0})))
    open_ones: dict[tuple[str, int], Session] = {}
    try:
        for company, number, what in work:
            session = open_ones.setdefault((company, number), open_session(small, tenant_plane(companies[company])))
            do(session, company, what)
            if what == "leave":
                open_ones.pop((company, number))
    finally:
        for session in open_ones.values():
            session.close()
        small.dispose()


def do(session: Session, company: str, what: str) -> None:
    if what == "write":
        session.add(Tag(name=f"canary of {company} {new_id()}"))
        session.flush()
    elif what == "err":
        with suppress(DBAPIError):
            session.execute(text("SELECT * FROM no_such_table"))
        session.rollback()
    elif what == "savepoint":
        with suppress(DBAPIError), session.begin_nested():
            session.execute(text("SELECT 1/0"))
    elif what != "read":
        {"commit": session.commit, "rollback": session.rollback, "leave": session.close}[what]()
    if what != "leave":
        foreign = [name for name in session.scalars(select(Tag.name)) if not name.startswith(f"canary of {company}")]
        assert foreign == []
