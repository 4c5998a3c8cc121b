"""Telling members that something has happened, once."""

import datetime as dt
import uuid
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from tenants.notifications.bots import SETTING
from tenants.notifications.kinds import KINDS
from tenants.notifications.models import Notification, notification_id
from tenants.notifications.preferences import Preferences
from tenants.notifications.sending import Told, send
from tenants.team.models import Member
from tenants.workspace import settings


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
    telling = [
        Told(notification_id(member.id, key), member.id, kind, Preferences.of(member.preferences))
        for member in session.execute(reachable(members)).all()
    ]
    common = {"kind": kind, "at": at, "data": data, "customer_id": customer_id, "opportunity_id": opportunity_id, "subject_id": subject_id}
    told = _keep(session, telling, common, at)
    if told:
        send(session, told, settings.read(session, SETTING), at=at)
    return [one.member_id for one in told]


def reachable(members: Collection[uuid.UUID] | None = None) -> Select[*tuple[Any, ...]]:
    """Those of `members` (None: of all) who work here and can sign in: id, preferences."""
    query = select(Member.id, Member.preferences).where(Member.deactivated_at.is_(None), Member.person_id.is_not(None)).order_by(Member.id)
    return query if members is None else query.where(Member.id.in_(members))


def _keep(session: Session, telling: Sequence[Told], common: Mapping[str, Any], at: dt.datetime) -> list[Told]:
    """Writes them down; those that are new. Who does not want it under the bell has it as read."""
    rows = [
        {"id": one.id, "member_id": one.member_id, "read_at": None if "app" in one.preferences.channels(one.kind) else at, **common}
        for one in telling
    ]
    if not rows:
        return []
    fresh = insert(Notification).values(rows).on_conflict_do_nothing(index_elements=[Notification.id]).returning(Notification.id)
    new = set(session.scalars(fresh))
    return [one for one in telling if one.id in new]
