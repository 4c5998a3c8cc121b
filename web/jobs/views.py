"""One piece of long work: how far it is, calling it off, another try, and its files. For who asked for it, and for who looks after all work."""

import uuid
from io import BytesIO
from urllib.parse import urlsplit

from flask import abort, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy import ColumnElement, select, true
from werkzeug.wrappers import Response

from tenants.jobs import asking
from tenants.jobs.models import Job, JobFile
from tenants.notifications.inbox import mark_seen
from tenants.team.queries import names_of
from tenants.values.words import Refusal
from web.customers.attachments import LOCKED
from web.jobs.kinds import kind_of
from web.tenancy import tenant_pages
from web.ui.htmx import block, done, page, tell
from web.visit import find, here

pages = tenant_pages("jobs", __name__)


@pages.get("/jobs/<uuid:job_id>")
def show(job_id: uuid.UUID) -> ResponseReturnValue:
    """The page; for htmx the piece that asks for itself again until the work has ended."""
    job = find(Job, job_id, is_seen())
    see(job)
    return page("jobs/show.html", piece="progress", job=job, files=files_of(job), asked_by=_name(job.member_id))


@pages.post("/jobs/<uuid:job_id>/cancellation")
def cancellation(job_id: uuid.UUID) -> ResponseReturnValue:
    job = find(Job, job_id, is_seen())
    try:
        asking.cancel(here().session, job, at=here().now)
        tell(gettext("It is being cancelled.") if job.is_open else gettext("Cancelled."), kind="news")
    except Refusal as refusal:
        tell(gettext(refusal.sentence), kind="wait")
    return _again(job)


@pages.post("/jobs/<uuid:job_id>/retry")
def retry(job_id: uuid.UUID) -> ResponseReturnValue:
    job = find(Job, job_id, is_seen())
    try:
        asking.retry(here().session, job, at=here().now)
        tell(gettext("It is tried again."))
    except Refusal as refusal:
        tell(gettext(refusal.sentence), kind="wait")
    return _again(job)


@pages.get("/jobs/<uuid:job_id>/files/<uuid:file_id>")
def file(job_id: uuid.UUID, file_id: uuid.UUID) -> ResponseReturnValue:
    """The bytes, to be saved: no browser is told to show them."""
    job = find(Job, job_id, is_seen())
    one = find(JobFile, file_id, JobFile.job_id == job.id)
    kind = kind_of(job)
    if not kind.may_download(job, here().actor):
        abort(403)
    if kind.downloaded:
        kind.downloaded(job, one)
    answer = send_file(BytesIO(one.content), mimetype=one.media_type, as_attachment=True, download_name=one.name)
    answer.headers["Content-Security-Policy"] = LOCKED
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def see(job: Job) -> None:
    """Who looks at what came of it need not be told under the bell."""
    if not job.is_open and job.member_id == here().actor.id:
        mark_seen(here().session, here().actor.id, job.id, at=here().now)


def is_seen() -> ColumnElement[bool]:
    """Own work, and everybody's for who may see to it."""
    actor = here().actor
    return true() if actor.may("settings.jobs") else Job.member_id == actor.id


def files_of(job: Job) -> list[JobFile]:
    """What came out of it, as far as the one who asks may have it."""
    if job.is_open or not kind_of(job).may_download(job, here().actor):
        return []
    made = select(JobFile).where(JobFile.job_id == job.id, JobFile.role != "upload").order_by(JobFile.id)
    return list(here().session.scalars(made))


def _again(job: Job) -> Response:
    html = block("jobs/show.html", "progress", job=job, files=files_of(job), asked_by=_name(job.member_id))
    came_from = urlsplit(request.referrer or "")
    is_from_list = came_from.path == url_for(".index")
    return done(f"{came_from.path}?{came_from.query}" if is_from_list else url_for(".show", job_id=job.id), html)


def _name(member_id: uuid.UUID | None) -> str:
    return names_of(here().session, [member_id]).get(member_id, "") if member_id else ""
