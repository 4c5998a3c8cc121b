"""Who works for which company."""

import datetime as dt
import uuid
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from saas.identity.models import Membership
from saas.plans.catalogue import CATALOGUE
from saas.registry.models import Tenant
from saas.registry.states import ADMITTED
from tenants.values.words import N_, Refusal


class NoSeatLeft(Refusal):
    sentence = N_("All %(seats)s seats are taken. Ask an administrator of the company to rent one more, or to free one; then it works.")


class SeatsGoDown(Refusal):
    sentence = N_(
        "From the next payment on the company has %(seats)s seats, and all of them are taken. Ask an administrator to keep the seats, or to free one."
    )


@dataclass(frozen=True, slots=True)
class Company:
    """A company that a person belongs to; whose door is closed, they are told at the door."""

    tenant_id: uuid.UUID
    slug: str
    name: str
    state: str
    joined_at: dt.datetime


def companies_of(session: Session, person_id: uuid.UUID) -> list[Company]:
    query = (
        select(Tenant.id, Tenant.slug, Tenant.name, Tenant.state, Membership.created_at)
        .join(Membership, Membership.tenant_id == Tenant.id)
        .where(Membership.person_id == person_id, Membership.ended_at.is_(None), Tenant.state.in_(ADMITTED))
        .order_by(Membership.created_at, Membership.id)
    )
    return [Company(*row) for row in session.execute(query)]


def seats_taken(session: Session, tenant_id: uuid.UUID) -> int:
    return session.scalar(select(func.count()).where(Membership.tenant_id == tenant_id, Membership.ended_at.is_(None))) or 0


def end_membership(session: Session, person_id: uuid.UUID, tenant_id: uuid.UUID, *, at: dt.datetime) -> None:
    """From the next request on the person is a stranger there: the door asks for the membership each time. Other companies go on."""
    membership = find_membership(session, person_id, tenant_id)
    if membership is not None and membership.ended_at is None:
        membership.ended_at = at


def resume_membership(session: Session, person_id: uuid.UUID, tenant_id: uuid.UUID, *, at: dt.datetime) -> Membership:
    """Lets a person in, the first time or again. Seats are counted under a lock; raises `NoSeatLeft`, `SeatsGoDown`."""
    tenant = _locked(session, tenant_id)
    membership = find_membership(session, person_id, tenant_id)
    if membership is not None and membership.ended_at is None:
        return membership
    _require_seat(tenant, seats_taken(session, tenant_id))
    if membership is None:
        membership = Membership(person_id=person_id, tenant_id=tenant_id, created_at=at)
        session.add(membership)
    membership.ended_at = None
    session.flush()
    return membership


def find_membership(session: Session, person_id: uuid.UUID, tenant_id: uuid.UUID) -> Membership | None:
    theirs = (Membership.tenant_id == tenant_id, Membership.person_id == person_id)
    return session.scalars(select(Membership).where(*theirs).execution_options(populate_existing=True)).one_or_none()


def _require_seat(tenant: Tenant, taken: int) -> None:
    """One of those that are rented, and still are next month: or 5 could sit on 4. Where none are counted, what the plan allows at most."""
    seats = CATALOGUE[tenant.plan].seats if tenant.seats is None else tenant.seats
    if seats is not None and taken >= seats:
        raise NoSeatLeft(seats=seats)
    if tenant.seats_later is not None and taken >= tenant.seats_later:
        raise SeatsGoDown(seats=tenant.seats_later)


def _locked(session: Session, tenant_id: uuid.UUID) -> Tenant:
    """One at a time counts the seats of a company. Others may go on pointing at its row."""
    mine = select(Tenant).where(Tenant.id == tenant_id).with_for_update(key_share=True).execution_options(populate_existing=True)
    return session.scalars(mine).one()
