"""Taking the sample data away again. What people made themselves stays, and so does each sample customer that they have worked on."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, exists, or_, select, union, update
from sqlalchemy.orm import Session

from tenants.customers.attachment import Attachment
from tenants.customers.contact import Contact
from tenants.customers.customer import Customer, Evaluation
from tenants.customers.tag import CustomerTag, Tag
from tenants.demo.past_imports import forget_past_imports
from tenants.followups.models import Followup, Plan
from tenants.notifications.models import Notification
from tenants.pipeline.opportunity import Opportunity
from tenants.pipeline.stage_move import StageMove
from tenants.scoring.reckoning import forget_strays
from tenants.team.actor import Actor
from tenants.team.models import Member, Team, Territory, TerritoryMember
from tenants.timeline.log import record
from tenants.timeline.models import Event
from tenants.wall.base import Base

# What people hang on a customer, and what they write into it. A card that was dragged, a plan that was ticked off is no work to keep.
WORK: tuple[Any, ...] = (Contact, Followup, Plan, Opportunity, Attachment, Evaluation)
WRITTEN = ("customer.edited", "contact.edited", "opportunity.edited", "followup.edited", "plan.edited")
OWNERS: tuple[tuple[type[Base], str], ...] = ((Customer, "owner_id"), (Opportunity, "owner_id"), (Plan, "member_id"))
# Where colleagues are named for good.
NAMED: tuple[Any, ...] = (
    *(column for table in (Customer, Contact, Opportunity) for column in (table.created_by_id, table.deleted_by_id)),
    *(Followup.member_id, Plan.member_id, Plan.created_by_id, Plan.done_by_id, StageMove.member_id),
    *(Evaluation.member_id, Attachment.created_by_id, Event.member_id),
)


@dataclass(frozen=True, slots=True)
class Cleared:
    """How many sample customers went, and how many stay because somebody has worked on them."""

    customers: int
    kept: int


def clear(session: Session, *, by: Actor, at: dt.datetime) -> Cleared:
    """What stays is sample data no longer; what a sample colleague looked after passes to `by`. Harmless when there is none."""
    session.flush()
    kept = session.scalars(select(Customer.id).where(Customer.sample, _is_worked_on())).all()
    doomed = session.scalars(select(Customer.id).where(Customer.sample, Customer.id.not_in(kept))).all()
    _remove(session, doomed)
    _adopt(session, kept)
    forget_past_imports(session)
    _dismiss(session, by, at)
    _tidy_up(session)
    if doomed or kept:
        record(session, "sample.cleared", by=by, at=at, customers=len(doomed), kept=len(kept))
    session.flush()
    session.expire_all()
    return Cleared(len(doomed), len(kept))


def _is_worked_on() -> ColumnElement[bool]:
    made = (exists().where(table.customer_id == Customer.id, ~table.sample) for table in WORK)
    written = exists().where(Event.customer_id == Customer.id, ~Event.sample, Event.kind.in_(WRITTEN))
    return or_(*made, written)


def _remove(session: Session, doomed: Sequence[uuid.UUID]) -> None:
    """The customers with all that hangs on them, from the leaves to the root, so that no cascade has to look for it."""
    opportunities = select(Opportunity.id).where(Opportunity.customer_id.in_(doomed))
    session.execute(delete(StageMove).where(StageMove.opportunity_id.in_(opportunities)), execution_options=UNSEEN)
    for table in (Notification, Event, Followup, Plan, Opportunity, Evaluation, CustomerTag, Contact):
        session.execute(delete(table).where(table.customer_id.in_(doomed)), execution_options=UNSEEN)
    session.execute(delete(Customer).where(Customer.id.in_(doomed)), execution_options=UNSEEN)
    forget_strays(session)


def _adopt(session: Session, kept: Sequence[uuid.UUID]) -> None:
    for table in (Contact, Followup, Plan, Opportunity, Evaluation, Event):
        theirs = table.customer_id.in_(kept)
        session.execute(update(table).where(theirs).values(sample=False), execution_options=UNSEEN)
    moves = StageMove.opportunity_id.in_(select(Opportunity.id).where(Opportunity.customer_id.in_(kept)))
    session.execute(update(StageMove).where(moves).values(sample=False), execution_options=UNSEEN)
    session.execute(update(Customer).where(Customer.id.in_(kept)).values(sample=False), execution_options=UNSEEN)


def _dismiss(session: Session, by: Actor, at: dt.datetime) -> None:
    """Sample colleagues go. One who is still named somewhere stays as a former member; one who can sign in is no sample and stays altogether."""
    leaving = select(Member.id).where(Member.sample, Member.person_id.is_(None))
    for table, owner in OWNERS:
        column = getattr(table, owner)
        open_only = (Plan.done_at.is_(None),) if table is Plan else ()
        session.execute(update(table).where(column.in_(leaving), *open_only).values({owner: by.id}), execution_options=UNSEEN)
    named = union(*(select(column).where(column.in_(leaving)) for column in NAMED)).scalar_subquery()
    session.execute(update(Team).where(Team.leader_id.in_(leaving)).values(leader_id=None), execution_options=UNSEEN)
    former = {"sample": False, "team_id": None, "deactivated_at": at}
    session.execute(update(Member).where(Member.id.in_(leaving), Member.id.in_(named)).values(former), execution_options=UNSEEN)
    session.execute(delete(Member).where(Member.sample, Member.person_id.is_(None)), execution_options=UNSEEN)
    session.execute(update(Member).where(Member.sample).values(sample=False), execution_options=UNSEEN)


def _tidy_up(session: Session) -> None:
    """Teams, territories and tags that nobody has taken into use."""
    used: tuple[tuple[Any, tuple[Select[Any], ...]], ...] = (
        (Team, (select(Member.team_id), select(Team.parent_id))),
        (Territory, (select(TerritoryMember.territory_id), select(Territory.parent_id), select(Customer.territory_id))),
        (Tag, (select(CustomerTag.tag_id),)),
    )
    for table, uses in used:
        in_use = [key for use in uses for key in session.scalars(use.distinct()) if key]
        session.execute(delete(table).where(table.sample, table.id.not_in(in_use)), execution_options=UNSEEN)
        session.execute(update(table).where(table.sample).values(sample=False), execution_options=UNSEEN)


UNSEEN = {"synchronize_session": False}  # the session forgets all it has read when this is done
