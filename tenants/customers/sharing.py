"""Colleagues on a customer: collaborators who read or also write, and those who keep an eye on it."""

import datetime as dt

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from tenants.customers.customer import Collaborator, Customer, Watch
from tenants.team.actor import Actor
from tenants.team.models import Member
from tenants.timeline.log import record
from tenants.values.words import N_, Refusal


class OwnersNeedNoShare(Refusal):
    sentence = N_("%(name)s looks after this customer already.")


class NoLongerHere(Refusal):
    sentence = N_("%(name)s has left the team.")


def share(session: Session, customer: Customer, member: Member, *, may_write: bool, until: dt.datetime | None, by: Actor, at: dt.datetime) -> None:
    """`member` may read the customer from now on, or also write, until a moment or for good; said again, the new word holds."""
    if member.id == customer.owner_id:
        raise OwnersNeedNoShare(name=member.name)
    if member.deactivated_at is not None:
        raise NoLongerHere(name=member.name)
    values = {"may_write": may_write, "until": until}
    key = {"customer_id": customer.id, "member_id": member.id}
    session.execute(insert(Collaborator).values(**key, **values).on_conflict_do_update(index_elements=list(key), set_=values))
    last = until.isoformat() if until else None
    record(session, "customer.shared", by=by, at=at, customer_id=customer.id, subject_id=member.id, name=member.name, may_write=may_write, until=last)


def unshare(session: Session, customer: Customer, member: Member, *, by: Actor, at: dt.datetime) -> None:
    """Harmless when nothing was shared with `member`."""
    theirs = Collaborator.customer_id == customer.id, Collaborator.member_id == member.id
    if session.execute(delete(Collaborator).where(*theirs).returning(Collaborator.member_id)).one_or_none():
        record(session, "customer.unshared", by=by, at=at, customer_id=customer.id, subject_id=member.id, name=member.name)


def watch(session: Session, customer: Customer, *, by: Actor) -> None:
    session.execute(insert(Watch).values(customer_id=customer.id, member_id=by.id).on_conflict_do_nothing())


def unwatch(session: Session, customer: Customer, *, by: Actor) -> None:
    session.execute(delete(Watch).where(Watch.customer_id == customer.id, Watch.member_id == by.id))
