"""What people do with long work: ask for it, call it off, have it tried again."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tenants.jobs.models import OPEN, Job, JobFile
from tenants.values.ids import new_id
from tenants.values.words import N_, Refusal
from tenants.wall.bells import ring, ring_now

BELL = "jobs"


class NothingToCancel(Refusal):
    sentence = N_("This has ended already.")


class NothingToRetry(Refusal):
    sentence = N_("Only what has failed or was cancelled can be tried again.")


def ask(
    session: Session, kind: str, params: Mapping[str, Any], *, member_id: uuid.UUID | None, at: dt.datetime, due_at: dt.datetime | None = None
) -> Job:
    """Long work that a heavy worker will do, from `due_at` on (now, if not given). Stands or falls with the caller's transaction."""
    job = Job(id=new_id(), kind=kind, params=dict(params), member_id=member_id, created_at=at, due_at=due_at or at)
    session.add(job)
    session.flush()
    if due_at is None or due_at <= at:
        ring_now(session, BELL, at)
    else:
        ring(session, BELL, due_at)
    return job


def open_of(session: Session, kind: str, member_id: uuid.UUID) -> int:
    """How many of a kind a member has asked for that have not ended."""
    mine = (Job.state.in_(OPEN), Job.kind == kind, Job.member_id == member_id)
    return session.scalar(select(func.count()).select_from(Job).where(*mine)) or 0


def keep_file(session: Session, job: Job, role: str, *, name: str, media_type: str, content: bytes, at: dt.datetime) -> JobFile:
    file = JobFile(id=new_id(), job_id=job.id, role=role, name=name, media_type=media_type, size=len(content), content=content, created_at=at)
    session.add(file)
    session.flush()
    return file


def cancel(session: Session, job: Job, *, at: dt.datetime) -> None:
    """What waits is cancelled at once, what runs as soon as its worker hears of it. Raises `NothingToCancel`."""
    session.refresh(job, with_for_update=True)
    if not job.is_open:
        raise NothingToCancel
    job.cancel_asked_at = job.cancel_asked_at or at
    if job.state == "waiting":
        job.state, job.finished_at = "cancelled", at
    session.flush()


def retry(session: Session, job: Job, *, at: dt.datetime) -> None:
    """From the beginning, with the same parameters. Raises `NothingToRetry`."""
    session.refresh(job, with_for_update=True)
    if job.state not in ("failed", "cancelled"):
        raise NothingToRetry
    job.state, job.due_at, job.attempts, job.done, job.total = "waiting", at, 0, 0, None
    job.failure = job.result = job.started_at = job.finished_at = job.cancel_asked_at = None
    session.flush()
    ring_now(session, BELL, at)
