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
