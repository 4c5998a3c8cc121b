"""A tenant's life goes on: by what it pays, and by the calendar. Every step is a row, and who must know gets a mail before and at each."""

import datetime as dt
import hashlib
import uuid

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from saas.billing.models import Subscription
from saas.registry.life import Facts, Place, place
from saas.registry.models import Tenant, TenantChange
from tenants.values.ids import new_id
from tenants.wall import outbox
from tenants.wall.bells import ring

BELL, NIGHT = "rent", "rent.night"
LETTER = "rent.letter"  # kind of the promise
# How long before a state ends its people are told so; the longest time is the state's whole length where it is told when it begins.
TOLD: dict[str, tuple[dt.timedelta, ...]] = {
    "trial": tuple(dt.timedelta(days=days) for days in (7, 3, 1)),
    "past_due": tuple(dt.timedelta(days=days) for days in (14, 7, 2)),
    "read_only": tuple(dt.timedelta(days=days) for days in (30, 7)),
    "closed": tuple(dt.timedelta(days=days) for days in (90, 30, 7)),
}
LAST_WORD = dt.timedelta(days=7)  # between the last mail and the erasing
MOMENT = dt.timedelta(microseconds=1)
LATE = dt.timedelta(hours=1)  # whoever looks is a moment later than what is due


def facts(tenant: Tenant, row: Subscription | None) -> Facts:
    ends_at = tenant.trial_ends_at or tenant.created_at
    paid = (row.standing, row.overdue_since, row.ended_at) if row else (None, None, None)
    return Facts(ends_at, *paid, closed_at=tenant.closed_at)


def live_on(
    session: Session, tenant: Tenant, row: Subscription | None, *, at: dt.datetime, event: str | None = None, by: uuid.UUID | None = None
) -> Place:
    """Moves the tenant to where it belongs, promises the mail that is due, and rings for the next step. The caller holds the tenant's row."""
    if tenant.state == "erased":
        return Place("erased", "erased")
    now = place(facts(tenant, row), at)
    if now.state == "erased" and not _is_warned(tenant, at):
        now = Place("closed", now.why, at + LAST_WORD)
    if now.state != tenant.state:
        session.add(
            TenantChange(id=new_id(), tenant_id=tenant.id, at=at, before=tenant.state, after=now.state, why=now.why, event=event, person_id=by)
        )
        tenant.state = now.state
    _warn(session, tenant, now, at)
    tenant.next_step_at = _next(now, at)
    if tenant.next_step_at:
        ring(session, BELL, tenant.next_step_at)
    return now


def kept_until(tenant: Tenant, row: Subscription | None) -> dt.datetime | None:
    """Until when a closed company's data wait for it."""
    if tenant.next_step_at is None:
        return None
    return place(facts(tenant, row), tenant.next_step_at - MOMENT).until or tenant.next_step_at


def next_step(session: Session) -> dt.datetime | None:
    return session.scalar(select(func.min(Tenant.next_step_at)))


def due(session: Session, at: dt.datetime, most: int = 100) -> list[uuid.UUID]:
    """Tenants whose time has come."""
    return list(session.scalars(select(Tenant.id).where(Tenant.next_step_at <= at).order_by(Tenant.next_step_at).limit(most)))


def step(session: Session, tenant_id: uuid.UUID, *, at: dt.datetime) -> Tenant | None:
    """One tenant's, if nobody has taken it meanwhile."""
    mine = select(Tenant).where(Tenant.id == tenant_id, Tenant.next_step_at <= at).with_for_update(key_share=True, skip_locked=True)
    tenant = session.scalars(mine.execution_options(populate_existing=True)).one_or_none()
    if tenant is not None:
        live_on(session, tenant, session.get(Subscription, tenant_id, populate_existing=True), at=at)
        session.flush()
    return tenant


def _marks(now: Place) -> list[dt.datetime]:
    """When this state's mails are due, the earliest first."""
    return [now.until - before for before in TOLD.get(now.state, ())] if now.until else []


def _warn(session: Session, tenant: Tenant, now: Place, at: dt.datetime) -> None:
    """The latest mail that is due; earlier ones that were missed would only repeat it. Told once: `warned` says which."""
    passed = [mark for mark in _marks(now) if mark <= at]
    if not passed or now.until is None:
        tenant.warned = None
        return
    word = f"{now.state} {now.until.isoformat()} {len(passed)}"
    if word != tenant.warned:
        tenant.warned, tenant.warned_at = word, at
        key = uuid.UUID(hashlib.sha256(f"{tenant.id} {word}".encode()).hexdigest()[:32])
        told = {"tenant": str(tenant.id), "state": now.state, "until": now.until.isoformat()}
        outbox.promise(session, LETTER, told, at=at, key=key)


def _is_warned(tenant: Tenant, at: dt.datetime) -> bool:
    """The data of a closed company go only some days after its people have been told that they will."""
    return bool(tenant.state == "closed" and tenant.warned and tenant.warned_at and tenant.warned_at <= at - LAST_WORD + LATE)


def _next(now: Place, at: dt.datetime) -> dt.datetime | None:
    ahead = [moment for moment in (*_marks(now), now.until) if moment is not None and moment > at]
    return min(ahead, default=None)
