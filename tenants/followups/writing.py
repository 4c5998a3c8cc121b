"""Writing down what was done, and what is to be done."""

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.customers.contact import Contact
from tenants.customers.customer import Customer
from tenants.followups.models import CLIP, Followup, Plan, reckon_contacts, remind_at
from tenants.team.actor import Actor
from tenants.timeline.log import record
from tenants.values.words import N_, Refusal

SLACK = dt.timedelta(minutes=5)  # clocks differ


class NotYetHappened(Refusal):
    sentence = N_("A follow-up tells what has happened. For what is to come, make a plan.")


class NotTheirContact(Refusal):
    sentence = N_("This contact is not one of this customer's.")


def write_followup(
    session: Session,
    customer: Customer,
    *,
    means: str,
    content: str,
    by: Actor,
    at: dt.datetime,
    happened_at: dt.datetime | None = None,
    contact_id: uuid.UUID | None = None,
    opportunity_id: uuid.UUID | None = None,
    result: str | None = None,
    next_contact_at: dt.datetime | None = None,
    plan: Plan | None = None,
) -> Followup:
    """Also sets the customer's last follow-up and next contact, and finishes `plan`. Raises `NotYetHappened`, `NotTheirContact`."""
    if happened_at and happened_at > at + SLACK:
        raise NotYetHappened
    _refuse_strange_contact(session, customer, contact_id)
    followup = Followup(
        customer_id=customer.id,
        contact_id=contact_id,
        opportunity_id=opportunity_id,
        plan_id=plan.id if plan else None,
        means=means,
        content=content,
        result=result,
        next_contact_at=next_contact_at,
        at=min(happened_at or at, at),
        member_id=by.id,
        created_at=at,
        updated_at=at,
    )
    _told(session, followup, "followup.written", by=by, at=at)
    if plan:
        plan.finish(session, by=by, at=at)
    reckon_contacts(session, customer.id)
    return followup


def make_plan(
    session: Session,
    customer: Customer,
    *,
    means: str,
    content: str,
    due_at: dt.datetime,
    by: Actor,
    at: dt.datetime,
    member_id: uuid.UUID | None = None,
    contact_id: uuid.UUID | None = None,
    opportunity_id: uuid.UUID | None = None,
) -> Plan:
    """For `member_id` to do, who is the maker if not given. Raises `NotTheirContact`."""
    _refuse_strange_contact(session, customer, contact_id)
    plan = Plan(
        customer_id=customer.id,
        contact_id=contact_id,
        opportunity_id=opportunity_id,
        member_id=member_id or by.id,
        means=means,
        content=content,
        due_at=due_at,
        created_at=at,
        created_by_id=by.id,
        updated_at=at,
    )
    _told(session, plan, "plan.made", by=by, at=at, due_at=due_at.isoformat())
    reckon_contacts(session, customer.id)
    remind_at(session, due_at)
    plan.tell_doer(session, by=by, at=at)
    return plan


def _told(session: Session, new: Followup | Plan, kind: str, *, by: Actor, at: dt.datetime, **more: Any) -> None:
    """Kept, and on the timeline with the beginning of its words."""
    session.add(new)
    session.flush()
    about = {"customer_id": new.customer_id, "opportunity_id": new.opportunity_id, "subject_id": new.id}
    record(session, kind, by=by, at=at, content=new.content[:CLIP], **about, **more)


def _refuse_strange_contact(session: Session, customer: Customer, contact_id: uuid.UUID | None) -> None:
    if contact_id is None:
        return
    theirs = select(Contact.id).where(Contact.id == contact_id, Contact.customer_id == customer.id, Contact.deleted_at.is_(None))
    if session.scalar(theirs) is None:
        raise NotTheirContact
