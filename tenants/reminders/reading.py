"""Notifications as pages and letters show them: with what they are about, if the member sees it."""

import datetime as dt
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, select, true, tuple_
from sqlalchemy.orm import Session

from tenants.customers.customer import Customer
from tenants.followups.models import Plan
from tenants.notifications.models import Notification
from tenants.pipeline.opportunity import Opportunity
from tenants.team.actor import Actor
from tenants.team.scope import visible

AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Notice:
    """`customer`, `opportunity`: their names, None when the member does not see them (any more). `stands`: what is due is still to be done."""

    id: uuid.UUID
    kind: str
    at: dt.datetime
    read_at: dt.datetime | None
    customer_id: uuid.UUID | None
    opportunity_id: uuid.UUID | None
    subject_id: uuid.UUID | None
    data: dict[str, Any]
    customer: str | None
    opportunity: str | None
    stands: bool

    @property
    def is_hidden(self) -> bool:
        """It is about something that the member no longer sees: what was said about it is not shown either."""
        return (self.customer_id is not None and self.customer is None) or (self.opportunity_id is not None and self.opportunity is None)


@dataclass(frozen=True, slots=True)
class Inbox:
    """One page of notices, the newest first; `more`: there are older ones."""

    notices: list[Notice]
    more: bool


def inbox(session: Session, actor: Actor, *, unread: bool, before: tuple[dt.datetime, uuid.UUID] | None = None, most: int = AT_ONCE) -> Inbox:
    query = _notices(actor).order_by(Notification.at.desc(), Notification.id.desc()).limit(most + 1)
    if unread:
        query = query.where(Notification.read_at.is_(None))
    if before is not None:
        query = query.where(tuple_(Notification.at, Notification.id) < before)
    rows = _read(session, query)
    return Inbox(rows[:most], len(rows) > most)


def notices_by_id(session: Session, actor: Actor, ids: Collection[uuid.UUID]) -> list[Notice]:
    """Those of the member's own, the oldest first."""
    return _read(session, _notices(actor).where(Notification.id.in_(ids)).order_by(Notification.at, Notification.id))


def _notices(actor: Actor) -> Select[Any]:
    seen = and_(Customer.id == Notification.customer_id, Customer.deleted_at.is_(None), visible(Customer, actor))
    shown = and_(Opportunity.id == Notification.opportunity_id, Opportunity.deleted_at.is_(None), visible(Opportunity, actor))
    about = (Notification.customer_id, Notification.opportunity_id, Notification.subject_id, Notification.data)
    return (
        select(Notification.id, Notification.kind, Notification.at, Notification.read_at, *about)
        .add_columns(Customer.name, Opportunity.name, func.coalesce(_stands(actor), False))
        .select_from(Notification)
        .outerjoin(Customer, seen)
        .outerjoin(Opportunity, shown)
        .outerjoin(Plan, and_(Plan.id == Notification.subject_id, Notification.kind == "plan.due"))
        .where(Notification.member_id == actor.id)
    )


def _stands(actor: Actor) -> ColumnElement[bool]:
    is_open = and_(Plan.done_at.is_(None), Plan.deleted_at.is_(None), Plan.due_at == Notification.at)
    is_mine = case((Plan.member_id == actor.id, True), else_=Customer.owner_id == actor.id)
    is_planned = and_(is_open, is_mine)
    is_promised = and_(Customer.next_contact_at == Notification.at, Customer.owner_id == actor.id)
    return case((Notification.kind != "plan.due", true()), (Notification.subject_id.is_not(None), is_planned), else_=is_promised)


def _read(session: Session, query: Select[Any]) -> list[Notice]:
    rows: Any = session.execute(query).all()
    return [Notice(*row) for row in rows]
