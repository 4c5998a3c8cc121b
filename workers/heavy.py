"""Long work: taken under a lease, done by the answer for its kind, with its progress told while it runs.

Whatever is killed, nothing is done twice: the work and its end are one transaction, and it commits only while the lease is held.
"""

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

import structlog
from redis.exceptions import RedisError
from rq import Queue
from rq.exceptions import DuplicateJobError
from rq.timeouts import JobTimeoutException
from sqlalchemy.exc import OperationalError

from tenants.jobs import leases
from tenants.jobs.leases import LeaseLost
from tenants.values.words import N_, Refusal
from tenants.wall.session import inside
from tenants.wall.tenant import Tenant
from workers import exports, imports, queues, scores
from workers.reports import report_jobs
from workers.tenancy import House, Ring, now
from workers.work import Cancelled, Work

log = structlog.get_logger()


class WorkersDied(Exception):
    """All who tried have died of it, or beside it."""


HANDLERS: dict[str, Callable[[Work], None]] = {
    "export": exports.export,
    "rescoring": scores.rescore,
    "import.check": imports.check,
    "import": imports.run,
    "import.undo": imports.undo,
}


def start(ring: Ring) -> dt.datetime | None:
    """The answer to the bell "jobs": puts what may start into the heavy queue; returns when to look again.

    The bell rings as long as anything is open: a queue that was flushed, and a worker that was killed, are noticed by it.
    """
    if ring.tenant is None:
        return None
    report_jobs(ring.house, ring.tenant)
    with ring.session() as session:
        keys = leases.startable(session, at=now())
        due = leases.next_due(session)
    queue = queues.queue(queues.HEAVY, queues.connect(ring.house.settings))
    for key in keys:
        _put(queue, ring.tenant.key, key)
    queue.connection.close()
    return max(due, now() + leases.LEASE / 2) if due else None


def _put(queue: Queue, tenant_key: str, key: uuid.UUID) -> None:
    """Once, however often it is looked at, while it waits there.

    RQ goes on for minutes to know what was killed together with its worker; the lease says that it may start, so it goes in under another name.
    """
    slot = int(now().timestamp() // leases.LEASE.total_seconds())
    for name in (f"{tenant_key}-{key}", f"{tenant_key}-{key}-{slot}"):
        try:
            queue.enqueue("workers.jobs.heavy.run", tenant_key, str(key), job_id=name, unique=True, result_ttl=0, failure_ttl=1)
            return
        except DuplicateJobError:
            if queue.get_job_position(name) is not None:
                return
    log.warning("has been put in already and is not begun", tenant=tenant_key, job=str(key))


def run(house: House, tenant: Tenant, job_id: uuid.UUID) -> None:
    """Does one job, unless it is being done, has been done or is no longer to be done."""
    with inside(tenant, house.cells[tenant.cell]) as session:
        taken = leases.take(session, job_id, at=now())
    if taken is None:
        return
    work = Work(house, tenant, taken)
    try:
        report_jobs(house, tenant)
        if taken.attempts > leases.MOST_ATTEMPTS:
            raise WorkersDied
        with work.beating():
            HANDLERS[taken.kind](work)
    except LeaseLost:
        log.warning("lease lost", tenant=tenant.key, job=str(job_id), kind=taken.kind)
    except Exception as error:
        _ended_badly(work, error)
    _next(house, tenant)


def _next(house: House, tenant: Tenant) -> None:
    """What waited for its turn need not wait for the bell."""
    try:
        start(Ring(house, tenant.cell, tenant))
    except (RedisError, OperationalError) as error:
        log.warning("the next one waits for its bell", tenant=tenant.key, error=str(error))


def _ended_badly(work: Work, error: Exception) -> None:
    """What becomes of a job whose answer raised: everything it wrote has been rolled back."""
    at, taken = now(), work.taken
    try:
        with work.session() as session:
            if isinstance(error, Cancelled):
                leases.call_off(session, taken, at=at)
            elif (failure := _failure(error, taken.attempts)) is not None:
                leases.fail(session, taken, *failure, at=at)
                work.tell(session, "job.failed", at=at)
            else:
                leases.put_back(session, taken, at=at)
    except LeaseLost:
        log.warning("lease lost", tenant=work.tenant.key, job=str(taken.id))
    if not isinstance(error, (Cancelled, Refusal)):
        log.error("job failed", tenant=work.tenant.key, job=str(taken.id), kind=taken.kind, attempt=taken.attempts, exc_info=error)


def _failure(error: Exception, attempts: int) -> tuple[str, dict[str, Any]] | None:
    """The sentence that is told, with its figures; None when it is worth another try."""
    if isinstance(error, Refusal):
        return error.sentence, error.params
    if isinstance(error, MemoryError):
        return N_("This needs more memory than there is. Try it with a smaller part."), {}
    if isinstance(error, JobTimeoutException):
        return N_("This took too long. Try it with a smaller part."), {}
    if attempts >= leases.MOST_ATTEMPTS:
        return N_("Something went wrong, several times. It has been written down for us."), {}
    return None
