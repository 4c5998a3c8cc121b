"""The export among the kinds of long work: its file is for who asked for it only, for a week, and whoever takes it stands in the log."""

from flask_babel import format_date, format_decimal
from flask_babel import lazy_gettext as _l

from tenants.exports.order import KEEP, NAMES, may_export
from tenants.jobs.models import Job, JobFile
from tenants.team.actor import Actor
from tenants.timeline.log import record
from web.jobs.kind import Kind
from web.ui.say import gettext, ngettext
from web.visit import here


def _about(job: Job) -> str:
    return f"{gettext(NAMES[job.params['of']])} .{job.params['form']}"


def _result(job: Job) -> str:
    rows = (job.result or {}).get("rows", 0)
    made = ngettext("%(count)s row exported.", "%(count)s rows exported.", rows, count=format_decimal(rows))
    if job.finished_at is None:
        return made
    if is_expired(job):
        kept = gettext("The file was deleted after a week.")
    else:
        last = (job.finished_at + KEEP).astimezone(here().zone)
        kept = gettext("The file can be downloaded until %(day)s.", day=format_date(last, "medium"))
    return gettext("%(first)s %(second)s", first=made, second=kept)


def is_expired(job: Job) -> bool:
    return job.finished_at is not None and here().now > job.finished_at + KEEP


def _may_download(job: Job, actor: Actor) -> bool:
    return job.member_id == actor.id and may_export(actor, job.params["of"]) and not is_expired(job)


def _downloaded(job: Job, file: JobFile) -> None:
    record(here().session, "export.downloaded", by=here().actor, at=here().now, subject_id=job.id, name=file.name)


EXPORT = Kind(_l("Export"), "export", about=_about, result=_result, may_download=_may_download, downloaded=_downloaded)
