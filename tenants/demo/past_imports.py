"""What a made-up company has imported before: an entry in the list of imports, and the job that did it. Their rows are forgotten, as after a week."""

import datetime as dt
import uuid

from sqlalchemy import delete
from sqlalchemy.orm import Session

from tenants.demo.old_ids import id_at
from tenants.demo.vocabulary import PastImport, Vocabulary
from tenants.imports.models import Import
from tenants.jobs.models import Job

SAMPLE = {"sample": True}  # in an import's options and a job's params: how they are known again
TOOK = dt.timedelta(seconds=4)


def write_past_imports(session: Session, words: Vocabulary, members: dict[str, uuid.UUID], *, at: dt.datetime) -> None:
    for past in words.imports:
        done_at = at - dt.timedelta(days=past.days_ago)
        one, job = _import(past, members[past.by], done_at), _job(past, members[past.by], done_at)
        one.job_id, job.params = job.id, {"import": str(one.id), "name": past.file} | SAMPLE
        session.add_all((one, job))
    session.flush()


def forget_past_imports(session: Session) -> None:
    for table, kept in ((Import, Import.options), (Job, Job.params)):
        session.execute(delete(table).where(kept.contains(SAMPLE)), execution_options={"synchronize_session": False})


def _import(past: PastImport, member_id: uuid.UUID, done_at: dt.datetime) -> Import:
    return Import(
        id=id_at(done_at - TOOK),
        kind=past.kind,
        state="done",
        name=past.file,
        form=past.file.rpartition(".")[2],
        note="",
        height=1 + sum(past.counts.values()),
        heading=0,
        fields=[],
        options=dict(SAMPLE),
        counts=dict(past.counts),
        content=None,
        member_id=member_id,
        created_at=done_at - TOOK,
        done_at=done_at,
    )


def _job(past: PastImport, member_id: uuid.UUID, done_at: dt.datetime) -> Job:
    began = done_at - TOOK
    figures = {"done": 1 + sum(past.counts.values()), "total": 1 + sum(past.counts.values()), "attempts": 1, "result": dict(past.counts)}
    when = {"created_at": began, "due_at": began, "started_at": began, "finished_at": done_at}
    return Job(id=id_at(done_at), kind="import", params={}, state="done", member_id=member_id, **figures, **when)
