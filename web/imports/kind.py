"""Imports among the kinds of long work: the dry run, the run, its undoing."""

from flask_babel import format_decimal
from flask_babel import lazy_gettext as _l

from tenants.jobs.models import Job
from web.jobs.kind import Kind
from web.ui.say import gettext


def _file(job: Job) -> str:
    return str(job.params.get("name", ""))


def _figures(job: Job, *names: str) -> dict[str, str]:
    return {name: format_decimal((job.result or {}).get(name, 0)) for name in names}


def _came_in(job: Job) -> str:
    counts = _figures(job, "created", "updated", "skipped", "failed")
    return gettext("%(created)s created, %(updated)s updated, %(skipped)s left out, %(failed)s failed", **counts)


def _went_away(job: Job) -> str:
    return gettext("%(removed)s taken away, %(put_back)s put back, %(kept)s left as they are", **_figures(job, "removed", "put_back", "kept"))


CHECK = Kind(_l("Dry run of an import"), "import", "imports.of_job", about=_file, result=_came_in)
IMPORT = Kind(_l("Import"), "import", "imports.of_job", about=_file, result=_came_in)
UNDO = Kind(_l("Undo of an import"), "undo", "imports.of_job", about=_file, result=_went_away)
