"""The opportunities of one customer, as its page lists them."""

import datetime as dt
import uuid
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Uuid, bindparam, select
from sqlalchemy.orm import Session

from tenants.pipeline.models import Opportunity, Stage
from tenants.team.actor import Actor
from tenants.team.models import Member
from tenants.team.scope import by_shape, scope_values, visible


@dataclass(frozen=True, slots=True)
class OpportunityShown:
    id: uuid.UUID
    name: str
    amount: Decimal
    outcome: str
    stage: str
    expected_close_on: dt.date | None
    closed_at: dt.datetime | None
    owner_name: str | None

    @property
    def is_open(self) -> bool:
        return self.outcome == "open"


def opportunities_of(session: Session, actor: Actor, customer_id: uuid.UUID) -> list[OpportunityShown]:
    """Those that `actor` may see: the open ones first, then the closed, each the latest first."""
    rows: Any = session.execute(_statement(actor), {"customer_id": customer_id} | scope_values(actor)).all()
    return [OpportunityShown(*row) for row in rows]


@by_shape
def _statement(actor: Actor) -> Any:
    one = Opportunity
    return (
        select(one.id, one.name, one.amount, one.outcome, Stage.name, one.expected_close_on, one.closed_at, Member.name)
        .join(Stage, Stage.id == one.stage_id)
        .outerjoin(Member, Member.id == one.owner_id)
        .where(one.customer_id == bindparam("customer_id", type_=Uuid()), one.deleted_at.is_(None), visible(one, actor))
        .order_by(one.outcome != "open", one.closed_at.desc().nulls_last(), one.id.desc())
    )
