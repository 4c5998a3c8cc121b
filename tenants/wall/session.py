"""The wall. A session without a plane has no tables; one with a plane wears its role and search_path for just one transaction."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.orm import Session, SessionTransaction

from tenants.values.ids import is_tenant_key
from tenants.wall.engine import TOUCHED
from tenants.wall.tenant import Tenant

STATEMENT_TIMEOUT = 15_000  # milliseconds
HURRIED = "; SET LOCAL synchronous_commit = off"
READING = "; SET LOCAL transaction_read_only = on"

_inside: ContextVar[Tenant | None] = ContextVar("inside", default=None)


class NoTenant(RuntimeError):
    """A query was tried outside of every wall."""


class AnotherTenant(RuntimeError):
    """One tenant's unit of work tried to open another tenant."""


@dataclass(frozen=True, slots=True)
class Plane:
    """Where a session works. `begin` is sent, as one simple statement, at the start of each of its transactions."""

    name: str
    begin: str


def landlord_plane(*, timeout: int = STATEMENT_TIMEOUT, is_reading: bool = False) -> Plane:
    return Plane("saas", f"BEGIN; SET LOCAL statement_timeout = {timeout:d}{READING if is_reading else ''}")


def tenant_plane(tenant: Tenant, *, timeout: int = STATEMENT_TIMEOUT, is_hurried: bool = False, is_reading: bool = False) -> Plane:
    """Raises ValueError for a key that is not one: it stands unquoted in SQL. Reading: the database itself refuses to write.

    Hurried: its commits wait for no disk. Only for what is done again if a crash of the server takes it back, and is told to nobody before a
    later commit, which does wait and takes the earlier ones along.
    """
    key = tenant.key
    if not is_tenant_key(key):
        raise ValueError(f"not a tenant key: {key!r}")
    manner = (HURRIED if is_hurried else "") + (READING if is_reading else "")
    return Plane(key, f"BEGIN; SET LOCAL ROLE {key}; SET LOCAL search_path = {key}; SET LOCAL statement_timeout = {timeout:d}{manner}")


class WallSession(Session):
    """A session that refuses to begin without a plane (in `info["plane"]`)."""


@event.listens_for(WallSession, "after_begin")
def raise_the_wall(session: Session, transaction: SessionTransaction, connection: Connection) -> None:
    if transaction.nested:
        return
    plane = session.info.get("plane")
    if plane is None:
        raise NoTenant("a query outside of every wall")
    connection.exec_driver_sql(plane.begin)
    connection.info.setdefault(TOUCHED, set()).add(plane.name)


def open_session(engine: Engine, plane: Plane, **options: Any) -> WallSession:
    return WallSession(engine, info={"plane": plane}, expire_on_commit=False, autoflush=True, **options)


@contextmanager
def inside(tenant: Tenant, engine: Engine, *, timeout: int = STATEMENT_TIMEOUT, is_hurried: bool = False) -> Iterator[WallSession]:
    """A unit of work in one tenant's world: committed when the block ends, rolled back when it raises.

    Nesting the same tenant is allowed (each has its own session); raises `AnotherTenant` for another one.
    """
    with entered(tenant), open_session(engine, tenant_plane(tenant, timeout=timeout, is_hurried=is_hurried)) as session:
        yield session
        session.commit()


@contextmanager
def entered(tenant: Tenant) -> Iterator[None]:
    """Names the tenant that this thread of work is in, for everything that must know it (logs, cache keys, job ids)."""
    outer = _inside.get()
    if outer is not None and outer.key != tenant.key:
        raise AnotherTenant(f"inside {outer.slug}, asked for {tenant.slug}")
    token = _inside.set(tenant)
    try:
        yield
    finally:
        _inside.reset(token)


def current_tenant() -> Tenant:
    """The tenant we are in. Raises `NoTenant` outside."""
    tenant = _inside.get()
    if tenant is None:
        raise NoTenant("there is no tenant here")
    return tenant
