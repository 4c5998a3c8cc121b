"""What a member does with notifications: reads them, one or all; and how old ones go."""

import datetime as dt
import uuid

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from tenants.notifications.models import Notification

KEEP = dt.timedelta(days=90)
_UNSEEN = {"synchronize_session": False}


MOST_COUNTED = 100  # "99+" is as good


def count_unread(session: Session, member_id: uuid.UUID) -> int:
    """As find_actor (tenants.team.actor) counts them at the door of each request."""
    few = select(Notification.id).where(Notification.member_id == member_id, Notification.read_at.is_(None)).limit(MOST_COUNTED).subquery()
    return session.scalar(select(func.count()).select_from(few)) or 0


def mark_read(session: Session, member_id: uuid.UUID, notification_id: uuid.UUID, *, at: dt.datetime) -> None:
    """Reading twice keeps the first time."""
    mine = (Notification.id == notification_id, Notification.member_id == member_id, Notification.read_at.is_(None))
    session.execute(update(Notification).where(*mine).values(read_at=at), execution_options=_UNSEEN)


def mark_seen(session: Session, member_id: uuid.UUID, subject_id: uuid.UUID, *, at: dt.datetime) -> None:
    """Who looks at what a notification is about has no need of it any more."""
    mine = (Notification.member_id == member_id, Notification.subject_id == subject_id, Notification.read_at.is_(None))
    session.execute(update(Notification).where(*mine).values(read_at=at), execution_options=_UNSEEN)


def mark_kinds_seen(session: Session, member_id: uuid.UUID, *kinds: str, at: dt.datetime) -> None:
    """Who looks at the page where all of these kinds are told."""
    mine = (Notification.kind.in_(kinds), Notification.member_id == member_id, Notification.read_at.is_(None), Notification.at <= at)
    session.execute(update(Notification).where(*mine).values(read_at=at), execution_options=_UNSEEN)


def mark_all_read(session: Session, member_id: uuid.UUID, *, at: dt.datetime) -> None:
    """All that there is by now; what arrives meanwhile stays unread."""
    mine = (Notification.member_id == member_id, Notification.read_at.is_(None), Notification.at <= at)
    session.execute(update(Notification).where(*mine).values(read_at=at), execution_options=_UNSEEN)


def mark_unread(session: Session, member_id: uuid.UUID, *, read_at: dt.datetime) -> None:
    """Takes back what was marked at that moment."""
    mine = (Notification.member_id == member_id, Notification.read_at == read_at)
    session.execute(update(Notification).where(*mine).values(read_at=None), execution_options=_UNSEEN)


def forget(session: Session, *, before: dt.datetime) -> None:
    session.execute(delete(Notification).where(Notification.at < before), execution_options=_UNSEEN)
