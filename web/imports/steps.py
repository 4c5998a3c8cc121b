"""One import on its way: its progress, what a dry run found, running it, what came of it, undoing it."""

import uuid
from collections.abc import Sequence
from typing import Any, cast

from flask import abort, send_file, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from tenants.imports import asking
from tenants.imports.fields import KIND_NAMES, Kind, field_of
from tenants.imports.models import UNDO_FOR, Import, ImportRow
from tenants.imports.running import permissions
from tenants.jobs import asking as jobs
from tenants.jobs.models import Job
from tenants.team.queries import names_of
from tenants.values.words import Refusal
from web.imports.books import XLSX, label_of, rejects_of
from web.imports.views import find_import, handed, pages, refused, say
from web.jobs.views import see
from web.ui.htmx import leave, page, tell
from web.ui.say import gettext
from web.visit import here, permit

SHOWN = 50  # rows that failed
LISTS = {"customer": "customers.index", "contact": "contacts.index", "followup": "customers.index", "opportunity": "opportunities.index"}


@pages.get("/imports/<uuid:import_id>")
def show(import_id: uuid.UUID) -> ResponseReturnValue:
    """The page; for htmx the piece that asks for itself again until the work has ended."""
    visit, one = here(), find_import(import_id)
    job = asking.job_of(visit.session, one)
    if one.state == "matching" and job is None:
        return leave(url_for(".columns", import_id=one.id))
    if job is not None:
        see(job)
    failed, kept = _lines(one, "failed"), _lines(one, "kept")
    return page(
        "imports/show.html",
        piece="state",
        one=one,
        job=job,
        failure=_failure(job),
        kind_name=gettext(KIND_NAMES[one.kind]),
        failed=[(line.number, errors_of(one, line)) for line in failed],
        kept=[(line.number, say({"sentence": (line.data or {}).get("why", "")})) for line in kept],
        by=names_of(visit.session, [one.member_id]).get(one.member_id, ""),
        until=one.done_at + UNDO_FOR if one.done_at and one.may_be_undone(visit.now) else None,
        listed=url_for(LISTS[one.kind]),
    )


@pages.post("/imports/<uuid:import_id>/run")
def run(import_id: uuid.UUID) -> ResponseReturnValue:
    one = find_import(import_id)
    permit(*permissions(one.kind, one.options.get("policy", "skip")))
    return _do(one, asking.ask_run)


@pages.post("/imports/<uuid:import_id>/undo")
def undo(import_id: uuid.UUID) -> ResponseReturnValue:
    return _do(find_import(import_id), asking.ask_undo)


@pages.post("/imports/<uuid:import_id>/cancellation")
def cancel(import_id: uuid.UUID) -> ResponseReturnValue:
    visit, one = here(), find_import(import_id)
    job = asking.job_of(visit.session, one)
    try:
        if job is None:
            raise jobs.NothingToCancel
        jobs.cancel(visit.session, job, at=visit.now)
        tell(gettext("It is being cancelled.") if job.is_open else gettext("Cancelled."), kind="news")
    except Refusal as refusal:
        tell(refused(refusal), kind="wait")
    return leave(url_for(".show", import_id=one.id))


@pages.get("/imports/<uuid:import_id>/rejects")
def rejects(import_id: uuid.UUID) -> ResponseReturnValue:
    one = find_import(import_id)
    lines = _lines(one, "failed", most=None)
    if one.content is None or not lines:
        abort(404)
    errors = {line.number: "  ".join(errors_of(one, line)) for line in lines}
    told = gettext("failed rows")
    name = f"{one.name.rpartition('.')[0] or one.name}-{told}.xlsx"
    return handed(send_file(rejects_of(one.content, one.heading, errors), mimetype=XLSX, as_attachment=True, download_name=name))


def errors_of(one: Import, line: ImportRow) -> list[str]:
    """ "Source: “天上” is none of the choices …", in the reader's language."""
    told: list[dict[str, Any]] = (line.data or {}).get("errors", [])
    return [f"{_label(one, error['field'])}: {say(error)}" for error in told]


def _label(one: Import, key: str) -> str:
    try:
        return label_of(field_of(cast(Kind, one.kind), key))
    except StopIteration:
        return key


def _lines(one: Import, state: str, *, most: int | None = SHOWN) -> Sequence[ImportRow]:
    query = select(ImportRow).where(ImportRow.import_id == one.id, ImportRow.state == state).order_by(ImportRow.number)
    return here().session.scalars(query.limit(most)).all()


def _failure(job: Job | None) -> str:
    """Why the last thing that was asked for did not come about; empty when it did, or is under way."""
    if job is None or job.is_open or job.state == "done":
        return ""
    if job.state == "cancelled":
        return gettext("It was cancelled: nothing was changed.")
    return say(job.failure or {}) or gettext("Something went wrong.")


def _do(one: Import, ask: Any) -> ResponseReturnValue:
    visit = here()
    try:
        ask(visit.session, one, by=visit.actor, at=visit.now)
    except Refusal as refusal:
        tell(refused(refusal), kind="wait")
    return leave(url_for(".show", import_id=one.id))
