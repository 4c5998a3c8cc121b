"""Undoing the last move of an opportunity, as if it had not been."""

import datetime as dt
import uuid

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from tenants.customers.customer import Customer
from tenants.pipeline.opportunity import MOVES, Opportunity
from tenants.pipeline.pipeline import Stage
from tenants.pipeline.refusals import NothingToTakeBack
from tenants.pipeline.stage_move import StageMove
from tenants.team.actor import Actor
from tenants.timeline.models import Event


def take_back(session: Session, opportunity: Opportunity, *, by: Actor, at: dt.datetime) -> None:
    """The stage before goes on where it was left. Only while nothing has followed; raises `NothingToTakeBack`."""
    last = session.scalars(
        select(Event).where(Event.opportunity_id == opportunity.id, Event.kind.in_(MOVES)).order_by(Event.at.desc(), Event.id.desc()).limit(1)
    ).one_or_none()
    before = last.data.get("before") if last is not None and last.at == opportunity.stage_since else None
    if last is None or before is None:
        raise NothingToTakeBack
    stage = session.get_one(Stage, uuid.UUID(before["stage_id"]))
    if stage.archived_at is not None:
        raise NothingToTakeBack
    stays = StageMove.opportunity_id == opportunity.id
    session.execute(delete(StageMove).where(stays, StageMove.left_at.is_(None)))
    session.execute(update(StageMove).where(stays, StageMove.stage_id == stage.id, StageMove.left_at == last.at).values(left_at=None))
    opportunity.record(session, "moved", by=by, at=at, **{"from": last.data["to"], "to": stage.name, "undone": True})
    opportunity.put_back(stage, before, at)
    _take_back_status(session, opportunity, last, by=by, at=at)


def _take_back_status(session: Session, opportunity: Opportunity, last: Event, *, by: Actor, at: dt.datetime) -> None:
    """A sale that was a slip of the hand leaves no mark on the customer, unless somebody has changed the status since."""
    if "status" not in last.data:
        return
    before, given = last.data["status"]
    customer = session.get_one(Customer, opportunity.customer_id)
    if customer.status == given and customer.status_since == last.at:
        customer.change_status(session, before, by=by, at=at)
