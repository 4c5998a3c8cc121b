"""What the command palette finds: customers, contacts and opportunities by name, pinyin, initials, phone. One statement, bounded."""

import uuid
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, func, literal, or_, select, union_all
from sqlalchemy.orm import Session

from tenants.customers.contact import Contact
from tenants.customers.customer import Customer
from tenants.customers.search import matches
from tenants.pipeline.opportunity import Opportunity
from tenants.pipeline.pipeline import Stage
from tenants.team.actor import Actor
from tenants.team.models import Member
from tenants.team.scope import visible, with_customer

MOST = 6  # of each kind
LOOK_AT = 200  # rows of each kind at most, before the best are taken: a one-letter query matches a third of the table


@dataclass(frozen=True, slots=True)
class Hit:
    """`kind`: customer, contact or opportunity; `page_id` is the record whose page to open; `note` says a little more."""

    kind: str
    page_id: uuid.UUID
    name: str
    note: str | None


def find(session: Session, actor: Actor, query: str) -> list[Hit]:
    """First names that begin with what was typed, then names that have it, then who is found by people or phones; short before long."""
    parts = [part for part in (_customers(actor, query), _contacts(actor, query), _opportunities(actor, query)) if part is not None]
    if not parts:
        return []
    return [Hit(*row) for row in session.execute(union_all(*parts))]


def recent(session: Session, actor: Actor) -> list[Hit]:
    """For an empty query: the customers and opportunities that were touched last."""
    customers = (
        select(literal("customer").label("kind"), Customer.id, Customer.name, Member.name.label("note"))
        .outerjoin(Member, Member.id == Customer.owner_id)
        .where(Customer.deleted_at.is_(None), Customer.last_followup_at.is_not(None), visible(Customer, actor))
        .order_by(Customer.last_followup_at.desc(), Customer.id.desc())
        .limit(MOST)
    )
    return [Hit(*row) for row in session.execute(customers)]


def _customers(actor: Actor, query: str) -> Select[Any] | None:
    found = matches(Customer.search, query)
    if found is None:
        return None
    few = (
        select(Customer.id, Customer.name, Customer.name_key, Customer.owner_id)
        .where(found, Customer.deleted_at.is_(None), visible(Customer, actor))
        .limit(LOOK_AT)
        .subquery()
    )
    best: Select[Any] = (
        select(literal("customer").label("kind"), few.c.id, few.c.name, Member.name.label("note"))
        .outerjoin(Member, Member.id == few.c.owner_id)
        .order_by(*_likeness(few, query), func.length(few.c.name), few.c.name)
        .limit(MOST)
    )
    return best.subquery().select()


def _likeness(few: Subquery, query: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Does the name, or its pinyin, begin with it; is it in there?"""
    ways = ((few.c.name, query), (few.c.name_key, query.replace(" ", "")))
    begins = or_(*(name.istartswith(typed, autoescape=True) for name, typed in ways))
    return begins.desc(), or_(*(name.icontains(typed, autoescape=True) for name, typed in ways)).desc()


def _contacts(actor: Actor, query: str) -> Select[Any] | None:
    found = matches(Contact.search, query)
    if found is None or not actor.may("contact.read"):
        return None
    mine = (found, Contact.deleted_at.is_(None), with_customer(Contact.customer_id, actor))
    few = select(Contact.customer_id, Contact.name).where(*mine).limit(LOOK_AT).subquery()
    best: Select[Any] = (
        select(literal("contact").label("kind"), few.c.customer_id, few.c.name, Customer.name.label("note"))
        .join(Customer, Customer.id == few.c.customer_id)
        .where(Customer.deleted_at.is_(None))
        .order_by(func.length(few.c.name), few.c.name)
        .limit(MOST)
    )
    return best.subquery().select()


def _opportunities(actor: Actor, query: str) -> Select[Any] | None:
    found = matches(Opportunity.search, query)
    if found is None or not actor.may("opportunity.read"):
        return None
    mine = (found, Opportunity.deleted_at.is_(None), visible(Opportunity, actor))
    few = select(Opportunity.id, Opportunity.name, Opportunity.stage_id).where(*mine).limit(LOOK_AT).subquery()
    best: Select[Any] = (
        select(literal("opportunity").label("kind"), few.c.id, few.c.name, Stage.name.label("note"))
        .outerjoin(Stage, Stage.id == few.c.stage_id)
        .order_by(func.length(few.c.name), few.c.name)
        .limit(MOST)
    )
    return best.subquery().select()
