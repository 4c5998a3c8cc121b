"""A customer: a company or a person that the firm sells to. It belongs to the firm; a member only looks after it."""

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from tenants.wall.base import Base, Keyed, Sampled

LIVE = text("deleted_at IS NULL")


class Customer(Keyed, Sampled, Base):
    __tablename__ = "customers"
    __table_args__ = (
        CheckConstraint("kind IN ('company', 'person')", name="kind"),
        CheckConstraint("status IN ('target', 'potential', 'prospective', 'regular', 'vip', 'lapsed')", name="status"),
        Index("ix_customers_live", "id", "owner_id", postgresql_where=LIVE),
        Index("ix_customers_owner", "owner_id", "id", postgresql_where=LIVE),
        Index("ix_customers_territory", "territory_id", "id", postgresql_where=LIVE),
        Index("ix_customers_next_contact", "next_contact_at", "id", postgresql_where=LIVE),
        Index("ix_customers_last_followup", "last_followup_at", "id", postgresql_where=LIVE),
        Index("ix_customers_name_key", "name_key", "id", postgresql_where=LIVE),
        Index("ix_customers_core_name", "core_name"),
        Index("ix_customers_search", "search", postgresql_using="gin", postgresql_where=LIVE),
        Index("ix_customers_bin", "deleted_at", postgresql_where=text("deleted_at IS NOT NULL")),
    )

    # 1. basic facts
    name: Mapped[str]
    number: Mapped[str] = mapped_column(unique=True)
    short_name: Mapped[str | None]
    kind: Mapped[str] = mapped_column(default="company", server_default="company")
    industry: Mapped[str | None]
    business: Mapped[str | None]  # what they make or do
    size: Mapped[str | None]
    standing: Mapped[str | None]  # standing in their trade
    region: Mapped[str | None]  # "浙江 杭州 余杭区"
    address: Mapped[str | None]
    credit_code: Mapped[str | None] = mapped_column(index=True)  # 统一社会信用代码
    rivals: Mapped[str | None]
    phone: Mapped[str | None]
    website: Mapped[str | None]
    invoice_title: Mapped[str | None]
    source: Mapped[str | None]
    remark: Mapped[str | None]
    parent_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("customers.id", ondelete="SET NULL"), index=True)
    # 4. class and grade
    status: Mapped[str] = mapped_column(default="target", server_default="target")
    status_since: Mapped[dt.datetime]
    grade: Mapped[str | None]
    # who looks after it, and when next
    owner_id: Mapped[uuid.UUID | None]
    territory_id: Mapped[uuid.UUID | None]
    next_contact_at: Mapped[dt.datetime | None]
    last_followup_at: Mapped[dt.datetime | None]
    # how it is found: filled by `refresh_search`
    name_key: Mapped[str]  # pinyin, for sorting
    core_name: Mapped[str]  # without 有限公司 and the like, for the duplicate check
    search: Mapped[str] = mapped_column(TSVECTOR, deferred=True)

    created_at: Mapped[dt.datetime]
    created_by_id: Mapped[uuid.UUID | None]
    updated_at: Mapped[dt.datetime]
    deleted_at: Mapped[dt.datetime | None]
    deleted_by_id: Mapped[uuid.UUID | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    __mapper_args__ = {"version_id_col": version}


class Collaborator(Base):
    """A colleague who may read or also write a customer that is not theirs, perhaps until a day."""

    __tablename__ = "collaborators"
    __table_args__ = (Index("ix_collaborators_member_id", "member_id", "customer_id"),)

    customer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"), primary_key=True)
    member_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), primary_key=True)
    may_write: Mapped[bool] = mapped_column(default=False, server_default="false")
    until: Mapped[dt.datetime | None]


class Watch(Base):
    """我关注的: a member keeps an eye on a customer."""

    __tablename__ = "watches"
    __table_args__ = (Index("ix_watches_member_id", "member_id", "customer_id"),)

    customer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"), primary_key=True)
    member_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), primary_key=True)


class Evaluation(Keyed, Sampled, Base):
    """The grade of a customer for one period, with the figures it was given for. Old ones are kept."""

    __tablename__ = "evaluations"
    __table_args__ = (Index("uq_evaluations_customer_id_period", "customer_id", "period", unique=True),)

    customer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    period: Mapped[str]  # "2026Q4"
    grade: Mapped[str]
    figures: Mapped[dict[str, Any]]
    remark: Mapped[str | None]
    member_id: Mapped[uuid.UUID | None]
    created_at: Mapped[dt.datetime]
