"""Rescoring everybody, as a kind of long work."""

from flask_babel import lazy_gettext as _l

from tenants.jobs.models import Job
from web.jobs.kind import Kind
from web.ui.say import ngettext


def _result(job: Job) -> str:
    told = job.result or {}
    return ngettext(
        "%(num)s customer rescored, %(graded)s with another grade.",
        "%(num)s customers rescored, %(graded)s with another grade.",
        told.get("customers", 0),
        graded=told.get("regraded", 0),
    )


RESCORING = Kind(_l("Rescoring"), "score", result=_result)
