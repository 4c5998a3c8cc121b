"""Who is at the door: server-side sessions. The browser holds an opaque token, the database its hash."""

import datetime as dt
import hashlib
import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, select, update
from sqlalchemy.orm import Session as Database

from saas.identity.models import Membership, Person, Session
from saas.plans.catalogue import CATALOGUE
from saas.registry.models import Tenant as TenantRow
from saas.registry.states import ADMITTED, WRITABLE
from tenants.wall.tenant import Entitlements, Tenant

IDLE = dt.timedelta(hours=12)
LIFETIME = dt.timedelta(days=30)
TOUCH_EVERY = dt.timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Visitor:
    """The person of a valid session."""

    session_id: uuid.UUID
    person_id: uuid.UUID
    name: str
    mail: str
    locale: str | None
    theme: str
    shortcuts: bool
    mail_confirmed: bool
    seen_at: dt.datetime

    def is_stale(self, now: dt.datetime) -> bool:
        """Time to write down that the session is in use."""
        return now - self.seen_at > TOUCH_EVERY


def begin(database: Database, person_id: uuid.UUID, *, at: dt.datetime, means: str, address: str | None, agent: str | None) -> str:
    """Opens a session and returns its token, which is nowhere kept."""
    token = secrets.token_urlsafe(32)
    session = Session(
        token_hash=token_hash(token),
        person_id=person_id,
        created_at=at,
        seen_at=at,
        expires_at=at + LIFETIME,
        means=means,
        address=address,
        agent=agent,
    )
    database.add(session)
    database.flush()
    return token


def token_hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


_VISITOR = (
    Session.id, Person.id, Person.name, Person.mail, Person.locale, Person.theme, Person.shortcuts, Person.mail_confirmed_at.is_not(None),
    Session.seen_at,
)  # fmt: skip


def recognise(database: Database, token: str, *, now: dt.datetime) -> Visitor | None:
    """The person whose valid session `token` opens."""
    row = database.execute(select(*_VISITOR).select_from(Session).join(Person).where(*_valid(token, now))).one_or_none()
    return _visitor(row) if row else None


def _visitor(columns: Sequence[Any]) -> Visitor:
    return Visitor(*columns[: len(_VISITOR)])


_TENANT = (
    TenantRow.id, TenantRow.key, TenantRow.slug, TenantRow.name, TenantRow.cell, TenantRow.locale, TenantRow.timezone, TenantRow.state,
    TenantRow.plan, TenantRow.seats, TenantRow.warned,
)  # fmt: skip


def _door() -> Select[Any]:
    """Written down once, since every request of a tenant's asks it: to put it together takes longer than to ask it."""
    belongs = (Membership.tenant_id == TenantRow.id) & (Membership.person_id == Person.id) & Membership.ended_at.is_(None)
    here = (TenantRow.slug == bindparam("slug")) & TenantRow.state.in_(ADMITTED)
    alive = (Session.ended_at.is_(None), Session.expires_at > bindparam("now"), Session.seen_at > bindparam("idle_since"))
    columns: tuple[Any, ...] = (*_VISITOR, *_TENANT)
    query = select(*columns).select_from(Session).join(Person)
    query = query.outerjoin(TenantRow, here & select(1).where(belongs).correlate(TenantRow, Person).exists())
    return query.where(Session.token_hash == bindparam("token_hash"), *alive)


_DOOR = _door()


def knock(database: Database, token: str, slug: str, *, now: dt.datetime) -> tuple[Visitor, Tenant | None] | None:
    """Session, person, membership and tenant in one query. The tenant is None for a stranger to it: that it exists is not told."""
    row = database.execute(_DOOR, {"token_hash": token_hash(token), "slug": slug, "now": now, "idle_since": now - IDLE}).one_or_none()
    if row is None:
        return None
    columns: tuple[Any, ...] = tuple(row)
    tenant = columns[len(_VISITOR) :]
    return _visitor(columns), tenant_value(*tenant) if tenant[0] else None


def tenant_value(  # a row of the register, in the order of its columns
    id: uuid.UUID, key: str, slug: str, name: str, cell: str, locale: str, timezone: str, state: str, plan: str, seats: int | None, warned: str | None
) -> Tenant:
    """The value handed in at the door, with what the plan entitles to, and the end of its state once its people have been told of it."""
    terms = CATALOGUE[plan]
    entitlements = Entitlements(terms.seats if seats is None else seats, terms.features, terms.storage)
    told, _, until = (warned or "").partition(" ")
    ends_at = dt.datetime.fromisoformat(until.split()[0]) if told == state and until else None
    return Tenant(id, key, slug, name, cell, locale, timezone, may_write=state in WRITABLE, state=state, ends_at=ends_at, entitlements=entitlements)


def value_of(row: TenantRow) -> Tenant:
    return tenant_value(row.id, row.key, row.slug, row.name, row.cell, row.locale, row.timezone, row.state, row.plan, row.seats, row.warned)


def touch(database: Database, session_id: uuid.UUID, *, now: dt.datetime) -> None:
    database.execute(update(Session).where(Session.id == session_id).values(seen_at=now))


def end_token(database: Database, token: str, *, at: dt.datetime) -> None:
    """Ends the session that `token` opens, if it opens one."""
    database.execute(update(Session).where(Session.token_hash == token_hash(token), Session.ended_at.is_(None)).values(ended_at=at))


def end(database: Database, session_id: uuid.UUID, *, at: dt.datetime) -> None:
    database.execute(update(Session).where(Session.id == session_id, Session.ended_at.is_(None)).values(ended_at=at))


def end_all(database: Database, person_id: uuid.UUID, *, at: dt.datetime, but: uuid.UUID | None = None) -> None:
    """Signs a person out everywhere, save from the session `but`."""
    others = update(Session).where(Session.person_id == person_id, Session.ended_at.is_(None))
    database.execute((others.where(Session.id != but) if but else others).values(ended_at=at))


def _valid(token: str, now: dt.datetime) -> tuple[ColumnElement[bool], ...]:
    return (Session.token_hash == token_hash(token), *_alive(now))


def _alive(now: dt.datetime) -> tuple[ColumnElement[bool], ...]:
    return Session.ended_at.is_(None), Session.expires_at > now, Session.seen_at > now - IDLE


@dataclass(frozen=True, slots=True)
class Device:
    """A browser in which a person is signed in."""

    id: uuid.UUID
    created_at: dt.datetime
    seen_at: dt.datetime
    means: str
    address: str | None
    agent: str | None


def devices_of(database: Database, person_id: uuid.UUID, *, now: dt.datetime) -> list[Device]:
    """Valid sessions, the one used last first."""
    columns = (Session.id, Session.created_at, Session.seen_at, Session.means, Session.address, Session.agent)
    query = select(*columns).where(Session.person_id == person_id, *_alive(now)).order_by(Session.seen_at.desc(), Session.id)
    return [Device(*row) for row in database.execute(query)]
