"""Opportunities on their way through the stages of a pipeline."""

import datetime as dt
import decimal
import uuid

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from tenants.wall.base import Base, Keyed, Sampled

LIVE = text("deleted_at IS NULL")


class Pipeline(Keyed, Sampled, Base):
    __tablename__ = "pipelines"

    name: Mapped[str]
    position: Mapped[int] = mapped_column(default=0, server_default="0")
    archived_at: Mapped[dt.datetime | None]


class Stage(Keyed, Sampled, Base):
    """A step of a pipeline. `kind`: open, won, lost or invalid; a pipeline has one each of the last three."""

    __tablename__ = "stages"
    __table_args__ = (
        CheckConstraint("kind IN ('open', 'won', 'lost', 'invalid')", name="kind"),
        CheckConstraint("probability BETWEEN 0 AND 100", name="probability"),
        Index("ix_stages_pipeline_id", "pipeline_id", "position"),
    )

    pipeline_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("pipelines.id"))
    name: Mapped[str]
    kind: Mapped[str] = mapped_column(default="open", server_default="open")
    probability: Mapped[int]  # per cent
    slow_after: Mapped[int] = mapped_column(default=14, server_default="14")  # days
    position: Mapped[int]


class LostReason(Keyed, Sampled, Base):
    __tablename__ = "lost_reasons"

    name: Mapped[str]
    position: Mapped[int] = mapped_column(default=0, server_default="0")
    archived_at: Mapped[dt.datetime | None]


class Opportunity(Keyed, Sampled, Base):
    """`outcome` repeats the kind of its stage, so that open ones are found by an index alone."""

    __tablename__ = "opportunities"
    __table_args__ = (
        CheckConstraint("outcome IN ('open', 'won', 'lost', 'invalid')", name="outcome"),
        CheckConstraint("amount >= 0", name="amount"),
        Index("ix_opportunities_board", "stage_id", "rank", "id", postgresql_where=LIVE),
        Index("ix_opportunities_customer", "customer_id", "id", postgresql_where=LIVE),
        Index("ix_opportunities_owner", "owner_id", "id", postgresql_where=LIVE),
        Index("ix_opportunities_outcome", "outcome", "closed_at", postgresql_where=LIVE),
        Index("ix_opportunities_close", "expected_close_on", "id", postgresql_where=LIVE),
        Index("ix_opportunities_search", "search", postgresql_using="gin", postgresql_where=LIVE),
    )

    customer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    contact_id: Mapped[uuid.UUID | None]
    pipeline_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("pipelines.id"), index=True)
    stage_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("stages.id"))
    stage_since: Mapped[dt.datetime]
    outcome: Mapped[str] = mapped_column(default="open", server_default="open")
    name: Mapped[str]
    amount: Mapped[decimal.Decimal]
    probability: Mapped[int]  # per cent; the stage's unless somebody knew better
    expected_close_on: Mapped[dt.date | None]
    source: Mapped[str | None]
    products: Mapped[str | None]
    remark: Mapped[str | None]
    lost_reason_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("lost_reasons.id"), index=True)
    lost_remark: Mapped[str | None]
    closed_at: Mapped[dt.datetime | None]
    rank: Mapped[str]  # place in its column: a fractional key, compared bytewise
    owner_id: Mapped[uuid.UUID | None]
    search: Mapped[str] = mapped_column(TSVECTOR, deferred=True)

    created_at: Mapped[dt.datetime]
    created_by_id: Mapped[uuid.UUID | None]
    updated_at: Mapped[dt.datetime]
    deleted_at: Mapped[dt.datetime | None]
    deleted_by_id: Mapped[uuid.UUID | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    __mapper_args__ = {"version_id_col": version}


class StageMove(Keyed, Sampled, Base):
    """An opportunity entered a stage; `left_at` is filled when it goes on. Time in stage is the difference."""

    __tablename__ = "stage_moves"
    __table_args__ = (
        Index("ix_stage_moves_opportunity_id", "opportunity_id", "entered_at"),
        Index("ix_stage_moves_stage_id", "stage_id", "entered_at"),
    )

    opportunity_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("opportunities.id", ondelete="CASCADE"))
    stage_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("stages.id"))
    member_id: Mapped[uuid.UUID | None]
    entered_at: Mapped[dt.datetime]
    left_at: Mapped[dt.datetime | None]
