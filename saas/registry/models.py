import datetime as dt
import uuid

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from saas.base import LandlordBase
from saas.registry.states import STATES
from tenants.wall.base import Keyed


class Tenant(Keyed, LandlordBase):
    """A company that rents. `key` is its schema and role for ever; `slug` is only its name in the URL and may change."""

    __tablename__ = "tenants"
    __table_args__ = (
        CheckConstraint(f"state IN ({', '.join(repr(s) for s in STATES)})", name="state"),
        Index("ix_tenants_next_step_at", "next_step_at", postgresql_where=text("next_step_at IS NOT NULL")),
    )

    key: Mapped[str] = mapped_column(unique=True)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    cell: Mapped[str]
    state: Mapped[str]
    locale: Mapped[str]
    timezone: Mapped[str] = mapped_column(default="Asia/Shanghai", server_default="Asia/Shanghai")
    plan: Mapped[str] = mapped_column(default="trial", server_default="trial")
    seats: Mapped[int | None] = mapped_column(BigInteger)  # that are rented; None: as many as the plan allows
    seats_later: Mapped[int | None] = mapped_column(BigInteger)  # once the month that is paid is over, if that was asked for
    trial_ends_at: Mapped[dt.datetime | None]
    next_step_at: Mapped[dt.datetime | None]  # when time alone leads on (saas.registry.life)
    closed_at: Mapped[dt.datetime | None]  # by an operator
    warned: Mapped[str | None]  # of which end its people have been told last, and when
    warned_at: Mapped[dt.datetime | None]
    created_at: Mapped[dt.datetime]


class TenantChange(Keyed, LandlordBase):
    """Each step of a tenant's life: when, why, by whom or by which event."""

    __tablename__ = "tenant_changes"
    __table_args__ = (Index("ix_tenant_changes_tenant_id", "tenant_id", "at"),)

    tenant_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("saas.tenants.id"))
    at: Mapped[dt.datetime]
    before: Mapped[str | None]
    after: Mapped[str]
    why: Mapped[str]
    person_id: Mapped[uuid.UUID | None]
    event: Mapped[str | None]  # Stripe's, if one of them led to it
