"""The trail of an opportunity: one row for each stay in a stage."""

import datetime as dt
import uuid

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from tenants.wall.base import Base, Keyed, Sampled


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
