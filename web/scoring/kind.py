"""Rescoring everybody, as a kind of long work."""

from flask_babel import format_decimal
from flask_babel import lazy_gettext as _l

from tenants.jobs.models import Job
from web.jobs.kind import Kind
from web.ui.say import ngettext


def _result(job: Job) -> str:
    told = job.result or {}
    return ngettext(
        "%(count)s customer rescored, %(graded)s with another grade.",
        "%(count)s customers rescored, %(graded)s with another grade.",
        told.get("customers", 0),
        count=format_decimal(told.get("customers", 0)),
        graded=format_decimal(told.get("regraded", 0)),
    )


RESCORING = Kind(_l("Rescoring"), "score", result=_result)
