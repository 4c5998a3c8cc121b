"""Plans as lists show them."""

import datetime as dt
import uuid
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from sqlalchemy import Select, Uuid, bindparam, or_, select
from sqlalchemy.orm import Session

from tenants.customers.contact import Contact
from tenants.customers.customer import Customer
from tenants.followups.models import Followup, Plan
from tenants.team.actor import Actor
from tenants.team.models import Member
from tenants.team.scope import with_customer

MOST = 200  # a list of what is to be done that is longer helps nobody


@dataclass(frozen=True, slots=True)
class PlanRow:
    id: uuid.UUID
    customer_id: uuid.UUID
    customer_name: str
    contact_id: uuid.UUID | None
    contact_name: str | None
    opportunity_id: uuid.UUID | None
    member_id: uuid.UUID | None
    member_name: str | None
    means: str
    content: str
    due_at: dt.datetime
    done_at: dt.datetime | None
    version: int


@dataclass(frozen=True, slots=True)
class FollowupRow:
    id: uuid.UUID
    means: str
    content: str
    at: dt.datetime
    member_name: str | None


def plans_of(session: Session, customer_id: uuid.UUID) -> list[PlanRow]:
    """The open plans of a customer, the earliest first."""
    rows: Any = session.execute(_of_customer(), {"customer_id": customer_id}).all()
    return [PlanRow(*row) for row in rows]


def todo(session: Session, actor: Actor, *, members: tuple[uuid.UUID, ...], done_since: dt.datetime) -> list[PlanRow]:
    """The plans of `members` at customers that `actor` sees: open ones, the earliest first, then those done since `done_since`, the latest first."""
    ours = _plans().where(Plan.member_id.in_(members), Customer.deleted_at.is_(None), with_customer(Plan.customer_id, actor))
    matters = or_(Plan.done_at.is_(None), Plan.done_at >= done_since)
    return _read(session, ours.where(matters).order_by(Plan.done_at.desc().nulls_first(), Plan.due_at, Plan.id).limit(MOST))


def followups_with(session: Session, contact: Contact, *, limit: int = 30) -> list[FollowupRow]:
    """The follow-ups at which this contact was spoken to, the latest first. Who may see the contact is asked before."""
    query = (
        select(Followup.id, Followup.means, Followup.content, Followup.at, Member.name)
        .outerjoin(Member, Member.id == Followup.member_id)
        .where(Followup.customer_id == contact.customer_id, Followup.contact_id == contact.id, Followup.deleted_at.is_(None))
        .order_by(Followup.at.desc(), Followup.id.desc())
        .limit(limit)
    )
    return [FollowupRow(*row) for row in session.execute(query)]


@cache
def _of_customer() -> Select[Any]:
    its = Plan.customer_id == bindparam("customer_id", type_=Uuid())
    return _plans().where(its, Plan.done_at.is_(None)).order_by(Plan.due_at, Plan.id)


def _plans() -> Select[Any]:
    query = (
        select(
            Plan.id, Plan.customer_id, Customer.name, Plan.contact_id, Contact.name, Plan.opportunity_id, Plan.member_id, Member.name,
            Plan.means, Plan.content, Plan.due_at, Plan.done_at, Plan.version,
        )
        .join(Customer, Customer.id == Plan.customer_id)
        .outerjoin(Contact, Contact.id == Plan.contact_id)
        .outerjoin(Member, Member.id == Plan.member_id)
        .where(Plan.deleted_at.is_(None))
    )  # fmt: skip
    return cast(Select[Any], query)


def _read(session: Session, query: Select[Any]) -> list[PlanRow]:
    rows: Any = session.execute(query).all()
    return [PlanRow(*row) for row in rows]
