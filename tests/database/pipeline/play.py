"""What the tests of the pipeline begin with: customers and opportunities in alpha, and a clock that goes on when asked."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.customers.customer import Customer
from tenants.pipeline.models import LostReason, Opportunity, Stage, StageMove
from tenants.pipeline.opening import open_opportunity
from tenants.pipeline.pipeline import stages_in_use
from tenants.team.actor import Actor
from tests.world.stage import prop

MONDAY = dt.datetime(2026, 3, 2, 2, 0, tzinfo=dt.UTC)


def day(number: int) -> dt.datetime:
    return MONDAY + dt.timedelta(days=number)


def stages(session: Session) -> list[Stage]:
    """Of the first pipeline: five open ones, won, lost, invalid."""
    return next(iter(stages_in_use(session).values()))


def stage(session: Session, name: str) -> Stage:
    return next(one for one in stages(session) if one.name == name)


def customer_of(session: Session, name: str) -> Customer:
    return session.get_one(Customer, prop("customer", name))


def opened(
    session: Session, by: Actor, *, at: dt.datetime = MONDAY, customer: str = "Alice", in_stage: str = "Prospecting", **facts: Any
) -> Opportunity:
    values = {"name": "Test bench", "amount": Decimal(10_000)} | facts
    opportunity = open_opportunity(session, customer_of(session, customer), values, by=by, at=at, stage=stage(session, in_stage))
    session.flush()
    return opportunity


def reason(session: Session) -> LostReason:
    return session.scalars(select(LostReason).order_by(LostReason.position)).first() or LostReason(name="none")


def trail(session: Session, opportunity: Opportunity) -> Sequence[StageMove]:
    return session.scalars(select(StageMove).where(StageMove.opportunity_id == opportunity.id).order_by(StageMove.entered_at, StageMove.id)).all()
