"""What workers do with long work. The lease makes sure that only one of them has a say, whatever was killed or woke up late.

Every statement names the lease: who has lost it changes nothing, and hears so by `LeaseLost`, which rolls its own work back.
"""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, func, not_, or_, select, update
from sqlalchemy.orm import Session

from tenants.jobs.models import OPEN, Job, JobFile
from tenants.values.ids import new_id

LEASE = dt.timedelta(seconds=30)
SLACK = dt.timedelta(minutes=1)  # by which clocks may differ; what lies further ahead than it can was written before a clock was put back
MOST_AT_ONCE = 2  # jobs of one tenant that run at the same time, and never two of one kind
MOST_ATTEMPTS = 5  # after which a job whose workers keep dying is given up
PAUSE = dt.timedelta(seconds=10)  # times the attempts, after a failure that may pass
KEEP = dt.timedelta(days=90)


class LeaseLost(Exception):
    """Somebody else does this job now, or it is no longer to be done."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A job that is ours until the lease ends. `attempts` counts this one too."""

    id: uuid.UUID
    kind: str
    params: dict[str, Any]
    member_id: uuid.UUID | None
    lease: uuid.UUID
    attempts: int


def startable(session: Session, *, at: dt.datetime) -> list[uuid.UUID]:
    """What may start now: due, not running under a valid lease, and no more at once than a tenant may have."""
    running = set(session.scalars(select(Job.kind).where(Job.state == "running", not_(_is_free(at)))))
    waiting = session.execute(select(Job.id, Job.kind).where(_may_start(at)).order_by(Job.id)).all()
    first: dict[str, uuid.UUID] = {}
    for key, kind in waiting:
        if kind not in running:
            first.setdefault(kind, key)
    return list(first.values())[: max(0, MOST_AT_ONCE - len(running))]


def next_due(session: Session) -> dt.datetime | None:
    """When there is something to look at again: a job falls due, or a lease ends; None when nothing is open."""
    when = func.min(func.greatest(Job.due_at, Job.leased_until))
    due: dt.datetime | None = session.scalar(select(when).where(Job.state.in_(OPEN)))
    return due


def take(session: Session, job_id: uuid.UUID, *, at: dt.datetime) -> Taken | None:
    """The job, if it is still to be done and nobody does it, or one of its kind, at this moment."""
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended("jobs " + session.info["plane"].name, 0))))
    if job_id not in startable(session, at=at):
        return None
    lease = new_id()
    taken = (
        update(Job)
        .where(Job.id == job_id, _may_start(at))
        .values(
            state="running", lease=lease, leased_until=at + LEASE, attempts=Job.attempts + 1, started_at=func.coalesce(Job.started_at, at), done=0
        )
        .returning(Job.kind, Job.params, Job.member_id, Job.attempts)
        .execution_options(synchronize_session=False)
    )
    row = session.execute(taken).one_or_none()
    return Taken(job_id, row.kind, row.params, row.member_id, lease, row.attempts) if row else None


def beat(session: Session, taken: Taken, *, done: int, total: int | None, at: dt.datetime) -> bool:
    """Says that its worker lives, and how far it is; returns whether somebody wants it cancelled. Raises `LeaseLost`."""
    values = {"leased_until": at + LEASE, "done": done, "total": total}
    held = update(Job).where(_held(taken)).values(**values).returning(Job.cancel_asked_at).execution_options(synchronize_session=False)
    row = session.execute(held).one_or_none()
    if row is None:
        raise LeaseLost
    return row.cancel_asked_at is not None


def finish(session: Session, taken: Taken, result: dict[str, Any], *, at: dt.datetime) -> None:
    """It is done. Said in the transaction that did it: both stand, or neither. Raises `LeaseLost`."""
    _end(session, taken, "done", at=at, result=result, done=func.coalesce(Job.total, Job.done))


def fail(session: Session, taken: Taken, sentence: str, params: dict[str, Any], *, at: dt.datetime) -> None:
    """It cannot be done, or has been tried often enough. `sentence` is a message id. Raises `LeaseLost`."""
    _end(session, taken, "failed", at=at, failure={"sentence": sentence, "params": params})


def call_off(session: Session, taken: Taken, *, at: dt.datetime) -> None:
    """It was cancelled, and what it had begun is rolled back. Raises `LeaseLost`."""
    _end(session, taken, "cancelled", at=at)


def put_back(session: Session, taken: Taken, *, at: dt.datetime) -> None:
    """It is tried again a little later. Raises `LeaseLost`."""
    _held_or_lost(session, taken, state="waiting", due_at=at + PAUSE * taken.attempts)


def forget(session: Session, *, before: dt.datetime) -> None:
    """Takes away what had ended by then, with its files."""
    session.execute(delete(Job).where(Job.finished_at < before).execution_options(synchronize_session=False))


def forget_files(session: Session, kind: str, *, before: dt.datetime) -> None:
    """Takes away what jobs of a kind had made by then; that they were done stays told."""
    ended = select(Job.id).where(Job.kind == kind, Job.finished_at < before)
    session.execute(delete(JobFile).where(JobFile.job_id.in_(ended)).execution_options(synchronize_session=False))


def _end(session: Session, taken: Taken, state: str, *, at: dt.datetime, **values: Any) -> None:
    _held_or_lost(session, taken, state=state, finished_at=at, **values)


def _held_or_lost(session: Session, taken: Taken, **values: Any) -> None:
    ended = update(Job).where(_held(taken)).values(lease=None, leased_until=None, **values).returning(Job.id)
    if session.execute(ended.execution_options(synchronize_session=False)).one_or_none() is None:
        raise LeaseLost


def _held(taken: Taken) -> ColumnElement[bool]:
    return and_(Job.id == taken.id, Job.state == "running", Job.lease == taken.lease)


def _may_start(at: dt.datetime) -> ColumnElement[bool]:
    is_due = or_(Job.due_at <= at, and_(Job.created_at > at + SLACK, Job.due_at <= Job.created_at))
    return and_(is_due, or_(Job.state == "waiting", and_(Job.state == "running", _is_free(at))))


def _is_free(at: dt.datetime) -> ColumnElement[bool]:
    return or_(Job.leased_until <= at, Job.leased_until > at + LEASE + SLACK)
