import datetime as dt
import uuid

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from saas.base import LandlordBase
from saas.registry.states import STATES
from tenants.wall.base import Keyed


class Tenant(Keyed, LandlordBase):
    """A company that rents. `key` is its schema and role for ever; `slug` is only its name in the URL and may change."""

    __tablename__ = "tenants"
    __table_args__ = (CheckConstraint(f"state IN ({', '.join(repr(s) for s in STATES)})", name="state"),)

    key: Mapped[str] = mapped_column(unique=True)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    cell: Mapped[str]
    state: Mapped[str]
    locale: Mapped[str]
    timezone: Mapped[str] = mapped_column(default="Asia/Shanghai", server_default="Asia/Shanghai")
    plan: Mapped[str] = mapped_column(default="trial", server_default="trial")
    trial_ends_at: Mapped[dt.datetime | None]
    created_at: Mapped[dt.datetime]


class TenantChange(Keyed, LandlordBase):
    """Each step of a tenant's life: when, why, by which event."""

    __tablename__ = "tenant_changes"
    __table_args__ = (Index("ix_tenant_changes_tenant_id", "tenant_id", "at"),)

    tenant_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("saas.tenants.id"))
    at: Mapped[dt.datetime]
    before: Mapped[str | None]
    after: Mapped[str]
    why: Mapped[str]
    person_id: Mapped[uuid.UUID | None]
