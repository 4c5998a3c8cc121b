"""The firm's own room: its settings, its numbering, the lists that members have arranged."""

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from tenants.wall.base import Base, Keyed


class Setting(Base):
    """One value by its key, such as "company" (profile) or "checklist"; tenants.workspace.settings knows the shapes."""

    __tablename__ = "settings"

    key: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[dict[str, Any]]
    updated_at: Mapped[dt.datetime]


class Counter(Base):
    """Numbers without gaps or doubles, as for customers: `UPDATE … RETURNING` is the lock."""

    __tablename__ = "counters"

    key: Mapped[str] = mapped_column(primary_key=True)
    last: Mapped[int]


class SavedView(Keyed, Base):
    """A list as a member arranged it: `query` is the query string of its URL. Shared ones are everybody's."""

    __tablename__ = "saved_views"
    __table_args__ = (Index("ix_saved_views_page", "page", "member_id"),)

    page: Mapped[str]  # "customers", "opportunities", …
    name: Mapped[str]
    query: Mapped[str]
    member_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), index=True)
    is_shared: Mapped[bool] = mapped_column(default=False, server_default="false")
    created_at: Mapped[dt.datetime]
