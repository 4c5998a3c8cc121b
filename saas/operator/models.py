"""Our own staff, and what each of them did to whom."""

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from saas.base import LandlordBase
from saas.operator.roles import ROLES
from tenants.wall.base import Keyed


class Operator(LandlordBase):
    """A person who runs Zuke. `added_by_id` is None when it was done at the command line."""

    __tablename__ = "operators"
    __table_args__ = (CheckConstraint(f"role IN {tuple(ROLES)}", name="role"),)

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("saas.people.id"), primary_key=True)
    role: Mapped[str]
    added_at: Mapped[dt.datetime]
    added_by_id: Mapped[uuid.UUID | None]


class OperatorDeed(Keyed, LandlordBase):
    """`what` is "<thing>.<verb>", as "job.retried". Append only; the person may be gone, so there is no foreign key."""

    __tablename__ = "operator_audit"
    __table_args__ = (Index("ix_operator_audit_tenant_id", "tenant_id", "id"),)

    at: Mapped[dt.datetime]
    person_id: Mapped[uuid.UUID | None]  # None: the command line
    what: Mapped[str]
    tenant_id: Mapped[uuid.UUID | None]
    why: Mapped[str]
    data: Mapped[dict[str, Any]]


class SupportConsent(Keyed, LandlordBase):
    """That we may look into a company: asked for by an operator or given unasked; granted for a span, or refused; withdrawn, perhaps.

    Names are kept as they were: who reads it later should not depend on who is still there.
    """

    __tablename__ = "support_consents"
    __table_args__ = (Index("ix_support_consents_tenant_id", "tenant_id", "id"),)

    tenant_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("saas.tenants.id"))
    asked_at: Mapped[dt.datetime | None]
    asked_by: Mapped[str | None]
    asked_why: Mapped[str | None]
    decided_at: Mapped[dt.datetime | None]
    decided_by: Mapped[str | None]
    what_for: Mapped[str | None]
    ends_at: Mapped[dt.datetime | None]  # None: refused, or not decided yet
    withdrawn_at: Mapped[dt.datetime | None]
    withdrawn_by: Mapped[str | None]


class SupportVisit(Keyed, LandlordBase):
    """An operator looks into a company, from one browser, until `ends_at` at most. It stands on a consent or on a written reason."""

    __tablename__ = "support_visits"
    __table_args__ = (
        CheckConstraint("consent_id IS NOT NULL OR reason IS NOT NULL", name="ground"),
        Index("ix_support_visits_tenant_id", "tenant_id", "id"),
        Index("ix_support_visits_person_id", "person_id", "id"),
        Index("ix_support_visits_consent_id", "consent_id"),
    )

    tenant_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("saas.tenants.id"))
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("saas.people.id"))
    session_id: Mapped[uuid.UUID]
    name: Mapped[str]
    consent_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("saas.support_consents.id"))
    reason: Mapped[str | None]
    began_at: Mapped[dt.datetime]
    ends_at: Mapped[dt.datetime]
    ended_at: Mapped[dt.datetime | None]
    ending: Mapped[str | None]  # why it ended before its time: see rules.ENDINGS
    rooms: Mapped[list[str]]  # that were looked into, each once
