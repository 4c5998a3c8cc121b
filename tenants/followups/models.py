"""What was done with a customer (follow-up), and what is to be done and when (plan)."""

import datetime as dt
import uuid

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from tenants.wall.base import Base, Keyed, Sampled


class Followup(Keyed, Sampled, Base):
    __tablename__ = "followups"
    __table_args__ = (
        CheckConstraint("means IN ('phone', 'wechat', 'visit', 'sms', 'mail', 'event')", name="means"),
        Index("ix_followups_customer", "customer_id", "at"),
        Index("ix_followups_member", "member_id", "at"),
        Index("ix_followups_at", "at"),
    )

    customer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    contact_id: Mapped[uuid.UUID | None]
    opportunity_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    plan_id: Mapped[uuid.UUID | None]
    means: Mapped[str]
    content: Mapped[str]
    result: Mapped[str | None]
    next_contact_at: Mapped[dt.datetime | None]
    at: Mapped[dt.datetime]  # when it happened
    member_id: Mapped[uuid.UUID | None]
    created_at: Mapped[dt.datetime]
    updated_at: Mapped[dt.datetime]
    deleted_at: Mapped[dt.datetime | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    __mapper_args__ = {"version_id_col": version}


class Plan(Keyed, Sampled, Base):
    __tablename__ = "plans"
    __table_args__ = (
        CheckConstraint("means IN ('phone', 'wechat', 'visit', 'sms', 'mail', 'event')", name="means"),
        Index("ix_plans_open", "member_id", "due_at", postgresql_where=text("done_at IS NULL AND deleted_at IS NULL")),
        Index("ix_plans_customer", "customer_id", "due_at"),
    )

    customer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    contact_id: Mapped[uuid.UUID | None]
    opportunity_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    member_id: Mapped[uuid.UUID | None]  # who is to do it
    means: Mapped[str]
    content: Mapped[str]
    due_at: Mapped[dt.datetime]
    done_at: Mapped[dt.datetime | None]
    done_by_id: Mapped[uuid.UUID | None]
    created_at: Mapped[dt.datetime]
    created_by_id: Mapped[uuid.UUID | None]
    updated_at: Mapped[dt.datetime]
    deleted_at: Mapped[dt.datetime | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    __mapper_args__ = {"version_id_col": version}
