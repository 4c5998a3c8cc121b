"""What happened, to what, by whom. Append only: an event is never changed, so that old values are kept."""

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from tenants.wall.base import Base, Keyed, Sampled


class Event(Keyed, Sampled, Base):
    """`kind` is "<thing>.<what>", as "customer.edited"; `data` holds what a sentence about it needs, such as {"changes": {"grade": ["B", "A"]}}."""

    __tablename__ = "events"
    __table_args__ = (
        Index("ix_events_customer", "customer_id", "at", "id"),
        Index("ix_events_opportunity", "opportunity_id", "at", "id"),
        Index("ix_events_at", "at", "id"),
    )

    at: Mapped[dt.datetime]
    kind: Mapped[str]
    member_id: Mapped[uuid.UUID | None]  # None: the system
    customer_id: Mapped[uuid.UUID | None]
    opportunity_id: Mapped[uuid.UUID | None]
    subject_id: Mapped[uuid.UUID | None]  # the followup, contact, plan, member … it is about
    data: Mapped[dict[str, Any]]
