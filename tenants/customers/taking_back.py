"""Undoing a change that was just made, to one customer or to many: of those that nobody has changed since.

A change is known by its moment and its member. The events that it wrote know what was before it.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ARRAY, TIMESTAMP, ColumnElement, Text, Uuid, bindparam, cast, func, select, update
from sqlalchemy.orm import Session

from tenants.customers import bulk, handover
from tenants.customers.customer import Customer
from tenants.customers.tag import Tag
from tenants.team.actor import Actor
from tenants.timeline.models import Event

WITHIN = dt.timedelta(hours=1)  # it is for slips of the hand


@dataclass(frozen=True, slots=True)
class TakenBack:
    """`count` customers are as they were; `left` stay, because somebody has changed or deleted them since."""

    count: int = 0
    left: int = 0


def take_handover_back(session: Session, moment: dt.datetime, *, by: Actor, at: dt.datetime) -> TakenBack:
    """With the plans and opportunities that went along."""
    theirs = _theirs("customer.transferred", moment, by, at)
    done = _put_back(session, theirs, moment, at, owner_id=cast(Event.data["owner"][0].astext, Uuid()))
    ids = [row.id for row in done]
    handover.carry_back(session, ids, moment, by=by, at=at)
    bulk.write_events(session, "customer.transferred", by, at, [(row.id, _turned(row.data, "owner", "names")) for row in done])
    return _taken(session, theirs, len(done))


def take_status_back(session: Session, moment: dt.datetime, *, by: Actor, at: dt.datetime) -> TakenBack:
    """The status before goes on as if it had never ended."""
    theirs = _theirs("customer.status", moment, by, at)
    since = cast(Event.data["since"].astext, TIMESTAMP(timezone=True))
    done = _put_back(session, theirs, moment, at, status=cast(Event.data["status"][0].astext, Text()), status_since=since)
    bulk.write_events(session, "customer.status", by, at, [(row.id, _turned(row.data, "status") | {"since": moment.isoformat()}) for row in done])
    return _taken(session, theirs, len(done))


def take_tags_back(session: Session, moment: dt.datetime, *, by: Actor, at: dt.datetime) -> TakenBack:
    """What was put on goes, what was taken away comes back."""
    done = session.execute(select(Event.customer_id, Event.subject_id, Event.data).where(*_theirs("customer.tagged", moment, by, at))).all()
    tag = session.get(Tag, done[0].subject_id) if done else None
    if tag is None:
        return TakenBack(left=len(done))
    its = bindparam(None, [row.customer_id for row in done], ARRAY(Uuid()))
    live = session.scalars(select(Customer.id).where(Customer.id == func.any(its), Customer.deleted_at.is_(None))).all()
    turn = bulk.remove_tag if "added" in done[0].data else bulk.add_tag
    count = turn(session, live, tag, by=by, at=at)
    return TakenBack(count, len(done) - count)


def take_removal_back(session: Session, moment: dt.datetime, *, by: Actor, at: dt.datetime) -> TakenBack:
    return TakenBack(bulk.restore(session, moment, by=by, at=at))


def _theirs(kind: str, moment: dt.datetime, by: Actor, at: dt.datetime) -> list[ColumnElement[bool]]:
    """The events of the change: the actor's own, and of the last hour."""
    return [Event.at == moment, Event.at > at - WITHIN, Event.kind == kind, Event.member_id == by.id, Event.customer_id.is_not(None)]


def _put_back(session: Session, theirs: Sequence[ColumnElement[bool]], moment: dt.datetime, at: dt.datetime, **values: Any) -> Sequence[Any]:
    """Those whose last change this was; rows of id and data of the event. Locked in the order of ids, as every bulk change locks them."""
    untouched = [Customer.id == Event.customer_id, Customer.updated_at == moment, Customer.deleted_at.is_(None), *theirs]
    session.execute(select(Customer.id).where(*untouched).order_by(Customer.id).with_for_update(key_share=True, of=Customer))
    its = update(Customer).where(*untouched).values(**values, updated_at=at, version=Customer.version + 1)
    return session.execute(its.returning(Customer.id, Event.data).execution_options(synchronize_session=False)).all()


def _taken(session: Session, theirs: Sequence[ColumnElement[bool]], count: int) -> TakenBack:
    return TakenBack(count, (session.scalar(select(func.count()).select_from(Event).where(*theirs)) or 0) - count)


def _turned(data: dict[str, Any], *keys: str) -> dict[str, Any]:
    """Of [old, new], the other way round."""
    return {key: data[key][::-1] for key in keys}
