import datetime as dt
import hashlib
import uuid
from typing import Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from tenants.wall.base import Base, Keyed


class Notification(Keyed, Base):
    """One thing that one member is told, once: its id follows from what it is about (`notification_id`).

    What a member does not want to have under the bell is kept as read.
    """

    __tablename__ = "notifications"
    __table_args__ = (
        Index("ix_notifications_member_id", "member_id", "at", "id"),
        Index("ix_notifications_unread", "member_id", postgresql_where=text("read_at IS NULL")),
    )

    member_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"))
    kind: Mapped[str]
    at: Mapped[dt.datetime]
    customer_id: Mapped[uuid.UUID | None]
    opportunity_id: Mapped[uuid.UUID | None]
    subject_id: Mapped[uuid.UUID | None]  # the plan, the job … it is about
    data: Mapped[dict[str, Any]]  # what a sentence about it needs
    read_at: Mapped[dt.datetime | None]


def notification_id(member_id: uuid.UUID, key: str) -> uuid.UUID:
    """`key` names what happened, such as "customer:<id>:assigned:<when>". tenants/reminders/due.py makes its own, in SQL."""
    return uuid.UUID(hashlib.sha256(f"{member_id}:{key}".encode()).hexdigest()[:32])
