import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Numeric, text
from sqlalchemy.orm import Mapped, mapped_column

from saas.base import LandlordBase


class Subscription(LandlordBase):
    """What a tenant rents, as Stripe said last; without `id` it is known to Stripe as a customer (`payer`) and rents nothing yet.

    Stripe decides; this row is what we remember of it, so that no page waits for Stripe. Only `saas.billing.subscriptions` writes it.
    """

    __tablename__ = "subscriptions"

    tenant_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("saas.tenants.id"), primary_key=True)
    payer: Mapped[str] = mapped_column(unique=True)
    id: Mapped[str | None]
    standing: Mapped[str | None]
    plan: Mapped[str | None]
    seats: Mapped[int | None] = mapped_column(BigInteger)
    price: Mapped[Decimal | None] = mapped_column(Numeric(12, 2))  # CNY for a seat and month
    ends_at: Mapped[dt.datetime | None]  # of the period that runs
    stops_at: Mapped[dt.datetime | None]  # when it was cancelled for
    ended_at: Mapped[dt.datetime | None]
    is_sent: Mapped[bool] = mapped_column(server_default=text("false"), default=False)  # paid by invoices that are sent, not by a card
    waits_for: Mapped[int | None] = mapped_column(BigInteger)  # seats, once an open invoice is paid
    later_plan: Mapped[str | None]  # what it becomes at the renewal
    later_seats: Mapped[int | None] = mapped_column(BigInteger)
    overdue_since: Mapped[dt.datetime | None]
    title: Mapped[str | None]  # 发票抬头
    tax_number: Mapped[str | None]
    mail: Mapped[str | None]  # who gets invoices
    read_at: Mapped[dt.datetime | None]


class StripeEvent(LandlordBase):
    """Stripe has told us something: kept by the event's id, so that what is delivered twice is one row. `applied_at`: when we had a look."""

    __tablename__ = "stripe_events"
    __table_args__ = (Index("ix_stripe_events_open", "payer", postgresql_where=text("applied_at IS NULL")),)

    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    at: Mapped[dt.datetime]
    about: Mapped[str]
    payer: Mapped[str | None]
    received_at: Mapped[dt.datetime]
    applied_at: Mapped[dt.datetime | None]


class ReferralLink(LandlordBase):
    """A tenant's link by which others come: its last part."""

    __tablename__ = "referral_links"

    code: Mapped[str] = mapped_column(primary_key=True)
    tenant_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("saas.tenants.id"), unique=True)


class Referral(LandlordBase):
    """A company came by another one's link. `checks`: what was looked at when its first bill was paid, and whether it was in order."""

    __tablename__ = "referrals"
    __table_args__ = (CheckConstraint("state IN ('came', 'credited', 'refused')", name="state"), Index("ix_referrals_referrer_id", "referrer_id"))

    tenant_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("saas.tenants.id"), primary_key=True)
    referrer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("saas.tenants.id"))
    state: Mapped[str] = mapped_column(default="came")
    came_at: Mapped[dt.datetime]
    decided_at: Mapped[dt.datetime | None]
    checks: Mapped[dict[str, Any]] = mapped_column(default=dict)
    amount: Mapped[Decimal | None] = mapped_column(Numeric(12, 2))  # CNY that the one who came was credited
    referrer_amount: Mapped[Decimal | None] = mapped_column(Numeric(12, 2))  # and the one who brought it
