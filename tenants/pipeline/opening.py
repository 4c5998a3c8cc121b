"""A new opportunity."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from tenants.customers.customer import Customer
from tenants.notifications.assigned import assigned
from tenants.pipeline.opportunity import FACTS, Opportunity
from tenants.pipeline.pipeline import Stage
from tenants.pipeline.places import rank_in
from tenants.pipeline.refusals import OpensInOpenStage
from tenants.pipeline.stage_move import StageMove
from tenants.team.actor import Actor


def open_opportunity(
    session: Session, customer: Customer, values: Mapping[str, Any], *, by: Actor, at: dt.datetime, stage: Stage, owner_id: uuid.UUID | None = None
) -> Opportunity:
    """A new one on top of `stage`. `values` are facts (`FACTS`; name and amount are needed); it belongs to `owner_id`, or to who opens it."""
    if not stage.is_open:
        raise OpensInOpenStage
    facts = {name: value for name, value in values.items() if name in FACTS and value is not None}
    opportunity = Opportunity(
        **({"probability": stage.probability} | facts),
        customer_id=customer.id,
        pipeline_id=stage.pipeline_id,
        stage_id=stage.id,
        stage_since=at,
        outcome="open",
        rank=rank_in(session, stage.id),
        owner_id=owner_id or by.id,
        created_at=at,
        created_by_id=by.id,
        updated_at=at,
        version=1,
    )
    opportunity.refresh_search()
    session.add(opportunity)
    session.flush()
    session.add(StageMove(opportunity_id=opportunity.id, stage_id=stage.id, member_id=by.id, entered_at=at))
    opportunity.record(session, "created", by=by, at=at, stage=stage.name, amount=str(opportunity.amount))
    assigned(session, "opportunity", [opportunity.id], opportunity.owner_id, by=by, at=at, customer_id=customer.id)
    return opportunity
