"""What workers write down for the operators of the fleet, in the cell's own tables: which long work there is, what could not be sent.

A report may be late, never wrong for long: whoever looks at a tenant's long work brings all of that tenant's reports in line with its own tables.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import structlog
from sqlalchemy import delete, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from saas.cells.reports import JobReport, OutboxReport, Sweep
from tenants.jobs import asking
from tenants.jobs.models import OPEN, Job
from tenants.wall.session import inside
from tenants.wall.tenant import Tenant
from workers.tenancy import House, now

log = structlog.get_logger()

ENDED_KEPT = dt.timedelta(days=1)  # work that went well or was called off
QUIET = dt.timedelta(days=1)  # after which a sweeper that says nothing is forgotten


def report_jobs(house: House, tenant: Tenant) -> None:
    """As `bring_in_line`; the work itself does not fail when its report does."""
    try:
        bring_in_line(house, tenant)
    except SQLAlchemyError as error:
        log.warning("not reported", tenant=tenant.key, error=str(error).splitlines()[0])


def bring_in_line(house: House, tenant: Tenant) -> None:
    """All open work of the tenant, and what has become of the work that was reported as open; what an operator wants tried again is."""
    with house.landlord_session(tenant.cell) as cell:
        known = cell.execute(select(JobReport.job_id, JobReport.state, JobReport.again_at).where(JobReport.tenant == tenant.key)).all()
    pending = [row.job_id for row in known if row.state in OPEN or row.again_at is not None]
    with inside(tenant, house.cells[tenant.cell]) as session:
        for job in session.scalars(
            select(Job).where(Job.id.in_([row.job_id for row in known if row.again_at]), Job.state.in_(("failed", "cancelled")))
        ):
            asking.retry(session, job, at=now())
        jobs = [_told(job, tenant) for job in session.scalars(select(Job).where(or_(Job.state.in_(OPEN), Job.id.in_(pending))))]
    if not jobs and not pending:
        return
    with house.landlord_session(tenant.cell) as cell:
        if jobs:
            fresh = insert(JobReport).values(jobs)
            same = {name: fresh.excluded[name] for name in jobs[0] if name != "job_id"}
            cell.execute(fresh.on_conflict_do_update(index_elements=[JobReport.job_id], set_=same))
        gone = set(pending) - {job["job_id"] for job in jobs}
        cell.execute(delete(JobReport).where(JobReport.job_id.in_(gone)))


def _told(job: Job, tenant: Tenant) -> dict[str, Any]:
    return {
        "job_id": job.id,
        "tenant": tenant.key,
        "kind": job.kind,
        "state": job.state,
        "attempts": job.attempts,
        "asked_at": job.created_at,
        "started_at": job.started_at,
        "ended_at": job.finished_at,
        "failure": (job.failure or {}).get("sentence"),
        "again_at": None,
    }


def with_unsent(cell: Session, keys: Sequence[str]) -> set[str]:
    """Those of `keys` of whom something unsent is told."""
    return set(cell.scalars(select(OutboxReport.tenant).where(OutboxReport.tenant.in_(keys))))


def report_unsent(cell: Session, counts: Mapping[str, tuple[int, int]], *, at: dt.datetime) -> None:
    """tenant -> (being tried again, given up)."""
    if clear := [key for key, count in counts.items() if not any(count)]:
        cell.execute(delete(OutboxReport).where(OutboxReport.tenant.in_(clear)))
    if rows := [{"tenant": key, "open": count[0], "failed": count[1], "at": at} for key, count in counts.items() if any(count)]:
        fresh = insert(OutboxReport).values(rows)
        same = {name: fresh.excluded[name] for name in ("open", "failed", "at")}
        cell.execute(fresh.on_conflict_do_update(index_elements=[OutboxReport.tenant], set_=same))


def report_sweep(cell: Session, sweeper: str, *, at: dt.datetime, passes: int, bells: int, lag: float) -> None:
    said = {"at": at, "passes": passes, "bells": bells, "lag": lag}
    cell.execute(insert(Sweep).values(sweeper=sweeper, **said).on_conflict_do_update(index_elements=[Sweep.sweeper], set_=said))


def forget(cell: Session, *, at: dt.datetime, kept_for: dt.timedelta) -> None:
    """What nobody needs to know any longer. `kept_for`: how long tenants keep their own work."""
    ended = JobReport.state.in_(("done", "cancelled")) & (JobReport.ended_at < at - ENDED_KEPT)
    cell.execute(delete(JobReport).where(or_(ended, JobReport.ended_at < at - kept_for)))
    cell.execute(delete(Sweep).where(Sweep.at < at - QUIET))
