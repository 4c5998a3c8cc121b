import datetime as dt
from typing import Any

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from saas.base import LandlordBase
from tenants.wall.base import Keyed


class LandlordOutbox(Keyed, LandlordBase):
    """The landlord's own promised effects: confirmation, reset and invitation mails. The same shape as a tenant's outbox."""

    __tablename__ = "outbox"
    __table_args__ = (Index("ix_outbox_open", "due_at", postgresql_where=text("done_at IS NULL AND failed_at IS NULL")),)

    kind: Mapped[str]
    payload: Mapped[dict[str, Any]]
    due_at: Mapped[dt.datetime]
    created_at: Mapped[dt.datetime]
    leased_until: Mapped[dt.datetime | None]
    attempts: Mapped[int] = mapped_column(default=0, server_default="0")
    done_at: Mapped[dt.datetime | None]
    failed_at: Mapped[dt.datetime | None]
    failure: Mapped[str | None]
