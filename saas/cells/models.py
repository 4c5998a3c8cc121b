"""What each cell (a database that tenants live in) knows of its tenants: which schemas stand, at which revision, and what is due."""

import datetime as dt

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from saas.base import CellBase
from tenants.wall.base import Keyed


class Schema(CellBase):
    """The ledger: every tenant schema of this cell. `vacant` ones wait for a tenant, `let` ones have one, `leaving` ones are being erased."""

    __tablename__ = "schemas"
    __table_args__ = (
        CheckConstraint("state IN ('vacant', 'let', 'leaving')", name="state"),
        Index("ix_schemas_vacant", "key", postgresql_where=text("state = 'vacant'")),
        Index("ix_schemas_revision", "revision"),
    )

    key: Mapped[str] = mapped_column(primary_key=True)
    state: Mapped[str]
    revision: Mapped[str]
    error: Mapped[str | None]
    made_at: Mapped[dt.datetime]
    claimed_at: Mapped[dt.datetime | None]
    migrated_at: Mapped[dt.datetime | None]


class Bell(Keyed, CellBase):
    """Something of a tenant is due. `tenant` is the key, or "saas" for the landlord. Tenant roles may only insert their own (row security)."""

    __tablename__ = "bells"
    __table_args__ = (Index("ix_bells_due_at", "due_at"), Index("ix_bells_tenant", "tenant", "due_at"))

    tenant: Mapped[str]
    due_at: Mapped[dt.datetime]
    kind: Mapped[str]  # which job answers: "outbox", …
