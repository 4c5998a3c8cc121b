"""The whole fleet in a few indexed queries: a handful for the landlord, a handful for each cell, whatever the number of tenants."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from saas.cells.models import Bell, Schema
from saas.cells.reports import JobReport, OutboxReport, Sweep
from saas.outbox.models import LandlordOutbox
from saas.registry.models import Tenant


class Bells(NamedTuple):
    """Those that are due by now."""

    due: int
    oldest: dt.datetime | None


class Unsent(NamedTuple):
    tenant: str
    open: int
    failed: int


class Swept(NamedTuple):
    sweeper: str
    at: dt.datetime
    passes: int
    bells: int
    lag: float


class Reported(NamedTuple):
    job_id: uuid.UUID
    tenant: str
    kind: str
    state: str
    attempts: int
    asked_at: dt.datetime
    started_at: dt.datetime | None
    ended_at: dt.datetime | None
    failure: str | None
    again_at: dt.datetime | None


def tenants_by_state(session: Session) -> dict[str, int]:
    return dict(session.execute(select(Tenant.state, func.count()).group_by(Tenant.state)).all())


def names(session: Session, keys: list[str]) -> dict[str, Tenant]:
    """Of the tenants that are told of, by key."""
    return {tenant.key: tenant for tenant in session.scalars(select(Tenant).where(Tenant.key.in_(keys)))}


def landlord_unsent(session: Session) -> Unsent:
    is_open = LandlordOutbox.done_at.is_(None) & LandlordOutbox.failed_at.is_(None)
    counts = select(func.count().filter(is_open), func.count().filter(LandlordOutbox.failed_at.is_not(None)))
    return Unsent("saas", *session.execute(counts).one())


def bells(cell: Session, at: dt.datetime) -> Bells:
    return Bells(*cell.execute(select(func.count(), func.min(Bell.due_at)).where(Bell.due_at <= at)).one())


def unsent(cell: Session) -> list[Unsent]:
    """Tenants with open or given-up promises, the most given up first."""
    query = select(OutboxReport.tenant, OutboxReport.open, OutboxReport.failed).where((OutboxReport.open > 0) | (OutboxReport.failed > 0))
    return [Unsent._make(row) for row in cell.execute(query.order_by(OutboxReport.failed.desc(), OutboxReport.tenant).limit(1000))]


def unsent_in_all(cell: Session) -> Unsent:
    counts = select(func.coalesce(func.sum(OutboxReport.open), 0), func.coalesce(func.sum(OutboxReport.failed), 0))
    opened, failed = cell.execute(counts).one()
    return Unsent("", int(opened), int(failed))


def schemas(cell: Session) -> dict[tuple[str, str], int]:
    """How many stand in which state at which revision."""
    query = select(Schema.state, Schema.revision, func.count()).group_by(Schema.state, Schema.revision)
    return {(state, revision): number for state, revision, number in cell.execute(query)}


def vacant(found: Mapping[tuple[str, str], int]) -> int:
    return sum(number for (state, _), number in found.items() if state == "vacant")


def behind(found: Mapping[tuple[str, str], int]) -> int:
    """Tenants whose tables are not as the newest ones are."""
    newest = max((revision for _, revision in found), default="")
    return sum(number for (state, revision), number in found.items() if state == "let" and revision != newest)


def schema_errors(cell: Session) -> int:
    return cell.scalar(select(func.count()).select_from(Schema).where(Schema.error.is_not(None))) or 0


def sweeps(cell: Session) -> list[Swept]:
    query = select(Sweep.sweeper, Sweep.at, Sweep.passes, Sweep.bells, Sweep.lag).order_by(Sweep.at.desc())
    return [Swept._make(row) for row in cell.execute(query)]


def jobs_by_state(cell: Session) -> dict[tuple[str, str], int]:
    """(kind, state) -> how many are known of."""
    query = select(JobReport.kind, JobReport.state, func.count()).group_by(JobReport.kind, JobReport.state)
    return {(kind, state): number for kind, state, number in cell.execute(query)}


def seconds_by_kind(cell: Session) -> dict[str, tuple[int, float]]:
    """kind -> how many went well during the last day, and how many seconds they took together."""
    took = func.extract("epoch", JobReport.ended_at - JobReport.started_at)
    query = select(JobReport.kind, func.count(), func.coalesce(func.sum(took), 0)).where(JobReport.state == "done", JobReport.started_at.is_not(None))
    return {kind: (number, float(seconds)) for kind, number, seconds in cell.execute(query.group_by(JobReport.kind))}


def jobs(cell: Session, state: str, *, before: uuid.UUID | None = None, limit: int = 50) -> list[Reported]:
    """Of one state over all tenants, the latest first, one more than `limit` when there are more."""
    columns = tuple(getattr(JobReport, name) for name in Reported._fields)
    query = select(*columns).where(JobReport.state == state).order_by(JobReport.job_id.desc()).limit(limit + 1)
    if before is not None:
        query = query.where(JobReport.job_id < before)
    return [Reported._make(row) for row in cell.execute(query)]
