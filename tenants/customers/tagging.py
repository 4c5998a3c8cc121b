"""Tags on customers: any words, shared by the firm."""

import datetime as dt

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from tenants.customers.customer import Customer
from tenants.customers.options import TAG_COLOURS
from tenants.customers.tag import CustomerTag, Tag
from tenants.team.actor import Actor
from tenants.timeline.log import record
from tenants.values.words import N_, Refusal

LONGEST = 30  # characters


class BadTagName(Refusal):
    sentence = N_("A tag has 1 to %(most)s characters.")


def add_tag(session: Session, customer: Customer, name: str, *, by: Actor, at: dt.datetime) -> Tag:
    """Made if the firm has no tag of this name (large and small letters are one). Raises `BadTagName`."""
    tag = find_or_make(session, name)
    added = session.execute(insert(CustomerTag).values(customer_id=customer.id, tag_id=tag.id).on_conflict_do_nothing().returning(CustomerTag.tag_id))
    if added.one_or_none():
        record(session, "customer.tagged", by=by, at=at, customer_id=customer.id, subject_id=tag.id, added=[tag.name])
    return tag


def remove_tag(session: Session, customer: Customer, tag: Tag, *, by: Actor, at: dt.datetime) -> None:
    """Harmless when the customer does not bear it."""
    its = CustomerTag.customer_id == customer.id, CustomerTag.tag_id == tag.id
    if session.execute(delete(CustomerTag).where(*its).returning(CustomerTag.tag_id)).one_or_none():
        record(session, "customer.tagged", by=by, at=at, customer_id=customer.id, subject_id=tag.id, removed=[tag.name])


def find_or_make(session: Session, name: str) -> Tag:
    """Raises `BadTagName`."""
    name = " ".join(name.split())
    if not 0 < len(name) <= LONGEST:
        raise BadTagName(most=LONGEST)
    same = select(Tag).where(func.lower(Tag.name) == name.lower()).order_by(Tag.name == name).limit(1)
    known = session.scalars(same).one_or_none()
    if known is not None:
        return known
    colour = TAG_COLOURS[sum(map(ord, name)) % len(TAG_COLOURS)]
    session.execute(insert(Tag).values(name=name, colour=colour).on_conflict_do_nothing())  # a colleague may make it at this moment
    return session.scalars(same).one()
