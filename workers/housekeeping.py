"""What is done at night, and the pool of vacant schemas."""

import datetime as dt
from collections.abc import Callable

import structlog
from sqlalchemy import ColumnElement, delete, or_, select
from sqlalchemy.orm import DeclarativeBase, Session

from migrations import fleet
from saas.billing.living import BELL as RENT
from saas.billing.living import NIGHT
from saas.billing.models import StripeEvent
from saas.cells.models import Bell, Schema
from saas.cells.upkeep import POOL
from saas.cells.vacancies import REFILL
from saas.identity.models import OneTimeLink, Throttle
from saas.identity.models import Session as SignedIn
from saas.signup.orphans import release_orphans
from tenants.exports import order as exports
from tenants.imports import asking as imports
from tenants.jobs import asking as jobs
from tenants.jobs import leases
from tenants.notifications import inbox
from tenants.notifications.bells import DIGEST, REMINDERS
from tenants.reminders.digest import greet
from tenants.reminders.due import remind
from tenants.scoring import keeping as scores
from tenants.values.ids import new_id
from tenants.wall import outbox
from workers import reports
from workers.tenancy import LANDLORD, House, Ring, now

log = structlog.get_logger()

AT_NIGHT = dt.time(19, 30)  # UTC: half past three in China
KEEP = dt.timedelta(days=30)
# What a tenant's own tables say is due next, by the kind of its bell.
DUE: dict[str, Callable[[Session], dt.datetime | None]] = {
    outbox.BELL: outbox.next_due,
    jobs.BELL: leases.next_due,
    scores.NIGHT: scores.night_due,
    REMINDERS: lambda session: remind(session, at=now()),
    DIGEST: lambda session: greet(session, at=now()),
}
SPREAD = dt.timedelta(milliseconds=500)  # between one tenant's tidying and the next one's


def keep_house(ring: Ring) -> dt.datetime | None:
    """The landlord's night: what has expired goes; every tenant's plane is looked at, so that nobody who lost a bell waits longer than a day."""
    at = now()
    with ring.session() as session:
        for table, is_old in _expired(at):
            session.execute(delete(table).where(is_old))
        outbox.forget(session, before=at - KEEP)
        session.add(Bell(id=new_id(), tenant=LANDLORD, kind=NIGHT, due_at=at))
    for cell in ring.house.cells:
        with ring.house.landlord_session() as landlord, ring.house.landlord_session(cell) as session:
            for key in release_orphans(landlord, session, at=at):
                log.warning("a sign-up left a schema behind", cell=cell, key=key)
            keys = session.scalars(select(Schema.key).where(Schema.state == "let").order_by(Schema.key)).all()
            session.add_all(Bell(id=new_id(), tenant=key, kind="tidy", due_at=at + turn * SPREAD) for turn, key in enumerate(keys))
            session.add(Bell(id=new_id(), tenant=LANDLORD, kind=REFILL, due_at=at))
            reports.forget(session, at=at, kept_for=leases.KEEP)
    return next_night(at)


def tidy(ring: Ring) -> dt.datetime | None:
    """One tenant's night: old promises and jobs go, and what is due but has lost its bell gets one."""
    at = now()
    with ring.session() as session:
        outbox.forget(session, before=at - KEEP)
        leases.forget(session, before=at - leases.KEEP)
        imports.forget(session, now=at)
        leases.forget_files(session, exports.KIND, before=at - exports.KEEP)
        inbox.forget(session, before=at - inbox.KEEP)
        due = {kind: next_due(session) for kind, next_due in DUE.items()}
        if ring.tenant and (any(counts := outbox.unsent(session)) or ring.is_reported):
            ring.unsent.append(counts)
    if ring.tenant:
        reports.report_jobs(ring.house, ring.tenant)
    with ring.house.landlord_session(ring.cell) as session:
        for kind, when in due.items():
            if when is not None and not _will_ring(session, ring.key, kind, when):
                log.warning("a bell was lost", tenant=ring.key, kind=kind)
                session.add(Bell(id=new_id(), tenant=ring.key, kind=kind, due_at=when))
    return None


def _will_ring(session: Session, key: str, kind: str, when: dt.datetime) -> bool:
    heard = select(Bell.id).where(Bell.tenant == key, Bell.kind == kind, Bell.due_at <= when + outbox.LEASE)
    return session.scalar(heard.limit(1)) is not None


def refill(ring: Ring) -> dt.datetime | None:
    """Makes vacant schemas until the pool is full again. Only where the owner's login is configured."""
    url = ring.house.settings.owner_database_url
    if url is None:
        log.info("no owner's login here: vacant schemas are made by python -m migrations.fleet pool")
        return None
    made = fleet.pool(url, wanted=POOL)
    log.info("vacant schemas made", number=made)
    return None


def next_night(at: dt.datetime) -> dt.datetime:
    tonight = dt.datetime.combine(at.date(), AT_NIGHT, dt.UTC)
    return tonight if tonight > at else tonight + dt.timedelta(days=1)


def _expired(at: dt.datetime) -> tuple[tuple[type[DeclarativeBase], ColumnElement[bool]], ...]:
    return (
        (SignedIn, or_(SignedIn.expires_at < at - KEEP, SignedIn.ended_at < at - KEEP)),
        (OneTimeLink, OneTimeLink.expires_at < at - KEEP),
        (Throttle, Throttle.until < at),
        (StripeEvent, StripeEvent.applied_at < at - KEEP),  # one that is sent again so late is refused for its age
    )


def ring_for_the_night(house: House) -> None:
    """Sees to it that somebody keeps house tonight, and that the pool is looked at now. The sweeper says so when it starts."""
    at = now()
    with house.landlord_session() as session:
        for kind, due in (("housekeeping", next_night(at)), (REFILL, at), (RENT, at)):
            if not _will_ring(session, LANDLORD, kind, due):
                session.add(Bell(id=new_id(), tenant=LANDLORD, kind=kind, due_at=due))
