"""Writing the timeline."""

import datetime as dt
import uuid
from typing import Any

from sqlalchemy.orm import Session

from tenants.team.actor import Actor
from tenants.timeline.models import Event
from tenants.wall.bells import ring

# Whoever keeps figures about customers looks at what was touched (tenants.scoring). A second later, so that a burst of clicks is one look.
TOUCHED = "scores"
SOON = dt.timedelta(seconds=1)


def record(
    session: Session,
    kind: str,
    *,
    by: Actor | None,
    at: dt.datetime,
    customer_id: uuid.UUID | None = None,
    opportunity_id: uuid.UUID | None = None,
    subject_id: uuid.UUID | None = None,
    **data: Any,
) -> Event:
    """Adds what happened; `by` None means the system. `data` must be JSON: what the sentence about it will need, also when the subject is gone."""
    event = Event(
        at=at, kind=kind, member_id=by.id if by else None, customer_id=customer_id, opportunity_id=opportunity_id, subject_id=subject_id, data=data
    )
    session.add(event)
    if customer_id is not None:
        ring(session, TOUCHED, at + SOON)
    return event
