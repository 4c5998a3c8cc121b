"""Somebody gives a colleague something to look after: the colleague hears of it. What one takes oneself is no news."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any, Literal

from sqlalchemy.orm import Session

from tenants.notifications.notify import notify
from tenants.team.actor import Actor


def assigned(
    session: Session,
    what: Literal["customer", "opportunity"],
    ids: Sequence[uuid.UUID],
    owner_id: uuid.UUID | None,
    *,
    by: Actor,
    at: dt.datetime,
    **about: Any,
) -> None:
    """One notification for all that was given at once. `about` are ids beside that of the one thing, as `notify` takes them."""
    if not ids or owner_id is None or owner_id == by.id:
        return
    if len(ids) == 1:
        about[f"{what}_id"] = ids[0]
    key = f"{what}:{ids[0]}:{len(ids)}:assigned:{at.isoformat()}"
    notify(session, [owner_id], f"{what}.assigned", key=key, at=at, by=by.name, count=len(ids), **about)


def planned(
    session: Session,
    plan_id: uuid.UUID,
    member_id: uuid.UUID | None,
    *,
    by: Actor,
    at: dt.datetime,
    customer_id: uuid.UUID,
    opportunity_id: uuid.UUID | None,
    **data: Any,
) -> None:
    """A plan for somebody else to do."""
    if member_id is None or member_id == by.id:
        return
    about = {"customer_id": customer_id, "opportunity_id": opportunity_id, "subject_id": plan_id}
    notify(session, [member_id], "plan.given", key=f"plan:{plan_id}:given:{at.isoformat()}", at=at, by=by.name, **about, **data)
