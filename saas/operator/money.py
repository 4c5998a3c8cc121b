"""What the fleet earns: a few figures, and every tenant with what it rents. All in the landlord's own tables."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import Select, and_, func, or_, select, tuple_
from sqlalchemy.orm import Session, aliased

from saas.billing.models import Subscription
from saas.identity.models import Membership
from saas.registry.life import OWING
from saas.registry.models import Tenant, TenantChange

MONTH = dt.timedelta(days=30)
QUARTER = dt.timedelta(days=90)
EARNING = ("active", "past_due")  # standings that bring rent; a trial with a card does not yet


@dataclass(frozen=True, slots=True)
class Figures:
    """`monthly`: CNY a month that is rented now, `overdue` how much of it is not paid. `converted` of `tried`: trials that ended in 90 days.

    `lost` of `had`: tenants that rented 30 days ago, and how many of them do no longer.
    """

    monthly: Decimal
    renting: int
    overdue: Decimal
    overdue_tenants: int
    tried: int
    converted: int
    had: int
    lost: int


class Rented(NamedTuple):
    """A tenant as the list shows it."""

    id: uuid.UUID
    slug: str
    name: str
    state: str
    plan: str
    members: int
    seats: int | None
    monthly: Decimal | None
    ends_at: dt.datetime | None
    trial_ends_at: dt.datetime | None
    overdue_since: dt.datetime | None
    created_at: dt.datetime


def figures(session: Session, at: dt.datetime) -> Figures:
    worth = Subscription.price * Subscription.seats
    earning, owing = Subscription.standing.in_(EARNING), Subscription.standing.in_(OWING)
    sums = select(
        func.coalesce(func.sum(worth).filter(earning), 0),
        func.count().filter(earning),
        func.coalesce(func.sum(worth).filter(owing), 0),
        func.count().filter(owing),
    )
    monthly, renting, overdue, owers = session.execute(sums).one()
    tried, converted = _conversion(session, at)
    had, lost = _churn(session, at)
    return Figures(monthly or Decimal(0), renting, overdue or Decimal(0), owers, tried, converted, had, lost)


def _conversion(session: Session, at: dt.datetime) -> tuple[int, int]:
    ended = and_(Tenant.trial_ends_at > at - QUARTER, Tenant.trial_ends_at <= at)
    rented = select(TenantChange.id).where(TenantChange.tenant_id == Tenant.id, TenantChange.after == "active").exists()
    tried, converted = session.execute(select(func.count(), func.count().filter(rented)).where(ended)).one()
    return tried, converted


def _churn(session: Session, at: dt.datetime) -> tuple[int, int]:
    """Where each stood 30 days ago is its last change before then."""
    later = aliased(TenantChange)
    was = TenantChange.at <= at - MONTH
    newer = select(later.id).where(
        later.tenant_id == TenantChange.tenant_id, later.at <= at - MONTH, tuple_(later.at, later.id) > tuple_(TenantChange.at, TenantChange.id)
    )
    then = and_(was, TenantChange.after.in_(EARNING), ~newer.exists())
    gone = Tenant.state.not_in(EARNING)
    had, lost = session.execute(
        select(func.count(), func.count().filter(gone)).select_from(TenantChange).join(Tenant, Tenant.id == TenantChange.tenant_id).where(then)
    ).one()
    return had, lost


def tenants(session: Session, *, state: str | None = None, words: str = "", before: uuid.UUID | None = None, limit: int) -> list[Rented]:
    """The newest first; `limit` and one more. `words`: part of name or address."""
    query = _listed().order_by(Tenant.id.desc()).limit(limit + 1)
    if state is not None:
        query = query.where(Tenant.state == state)
    if words:
        query = query.where(or_(Tenant.name.icontains(words, autoescape=True), Tenant.slug.icontains(words, autoescape=True)))
    if before is not None:
        query = query.where(Tenant.id < before)
    return [Rented._make(row) for row in session.execute(query)]


def tenant(session: Session, tenant_id: uuid.UUID) -> Rented | None:
    row = session.execute(_listed().where(Tenant.id == tenant_id)).one_or_none()
    return Rented._make(row) if row else None


def history(session: Session, tenant_id: uuid.UUID, limit: int = 200) -> Sequence[TenantChange]:
    """Its steps, the latest first."""
    steps = select(TenantChange).where(TenantChange.tenant_id == tenant_id).order_by(TenantChange.at.desc(), TenantChange.id.desc())
    return session.scalars(steps.limit(limit)).all()


def _listed() -> Select[*tuple[object, ...]]:
    members = select(func.count()).where(Membership.tenant_id == Tenant.id, Membership.ended_at.is_(None)).scalar_subquery()
    return (
        select(Tenant.id, Tenant.slug, Tenant.name, Tenant.state, Tenant.plan, members, Tenant.seats)
        .add_columns(Subscription.price * Subscription.seats, Subscription.ends_at, Tenant.trial_ends_at, Subscription.overdue_since)
        .add_columns(Tenant.created_at)
        .outerjoin(Subscription, and_(Subscription.tenant_id == Tenant.id, Subscription.standing.in_((*EARNING, "trialing", "unpaid"))))
    )
