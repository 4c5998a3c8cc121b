"""Telling members that something has happened, once."""

import datetime as dt
import uuid
from collections.abc import Collection
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from tenants.notifications.kinds import KINDS
from tenants.notifications.models import Notification, notification_id
from tenants.team.models import Member


def notify(
    session: Session,
    members: Collection[uuid.UUID],
    kind: str,
    *,
    key: str,
    at: dt.datetime,
    customer_id: uuid.UUID | None = None,
    opportunity_id: uuid.UUID | None = None,
    subject_id: uuid.UUID | None = None,
    **data: Any,
) -> list[uuid.UUID]:
    """Tells those of `members` who work here and can sign in; the same `key` tells a member only once. Returns whom it told.

    `kind` is one of `KINDS`. `data` must be JSON: what the sentence needs, also when the subject is gone.
    """
    if kind not in KINDS:
        raise ValueError(f"no kind of notification: {kind!r}")
    if not members:
        return []
    session.flush()
    about = {"customer_id": customer_id, "opportunity_id": opportunity_id, "subject_id": subject_id}
    rows = [
        {"id": notification_id(member.id, key), "member_id": member.id, "kind": kind, "at": at, "data": data, **about}
        for member in session.execute(_reachable(members)).all()
    ]
    if not rows:
        return []
    fresh = insert(Notification).values(rows).on_conflict_do_nothing(index_elements=[Notification.id]).returning(Notification.member_id)
    return list(session.scalars(fresh))


def _reachable(members: Collection[uuid.UUID]) -> Any:
    return select(Member.id).where(Member.id.in_(members), Member.deactivated_at.is_(None), Member.person_id.is_not(None)).order_by(Member.id)
