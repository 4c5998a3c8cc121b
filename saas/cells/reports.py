"""What workers report about the tenants of a cell, so that the whole fleet is seen without entering anybody. No personal data stand here."""

import datetime as dt
import uuid

from sqlalchemy import BigInteger, Double, Index
from sqlalchemy.orm import Mapped, mapped_column

from saas.base import CellBase


class JobReport(CellBase):
    """A piece of long work, as far as workers have noticed it. `failure` is a message id, without the figures. `again_at`: we want it tried again."""

    __tablename__ = "job_reports"
    __table_args__ = (Index("ix_job_reports_tenant", "tenant"), Index("ix_job_reports_state", "state", "job_id"))

    job_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    tenant: Mapped[str]
    kind: Mapped[str]
    state: Mapped[str]
    attempts: Mapped[int] = mapped_column(BigInteger)
    asked_at: Mapped[dt.datetime]
    started_at: Mapped[dt.datetime | None]
    ended_at: Mapped[dt.datetime | None]
    failure: Mapped[str | None]
    again_at: Mapped[dt.datetime | None]


class OutboxReport(CellBase):
    """How many promises of a tenant (or "saas") are open and were given up. No row: none."""

    __tablename__ = "outbox_reports"

    tenant: Mapped[str] = mapped_column(primary_key=True)
    open: Mapped[int] = mapped_column(BigInteger)
    failed: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[dt.datetime]


class Sweep(CellBase):
    """One sweeper: when it was last round, how often so far, and how late the latest bell was by then, in seconds."""

    __tablename__ = "sweeps"

    sweeper: Mapped[str] = mapped_column(primary_key=True)  # machine and process
    at: Mapped[dt.datetime]
    passes: Mapped[int] = mapped_column(BigInteger)
    bells: Mapped[int] = mapped_column(BigInteger)
    lag: Mapped[float] = mapped_column(Double)
