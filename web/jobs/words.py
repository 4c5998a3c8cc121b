"""How a piece of long work stands, in words."""

from dataclasses import dataclass

from flask import Flask
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from tenants.jobs.models import Job
from web.jobs.kinds import kind_of, label_of
from web.ui.say import gettext, ngettext

STATES: dict[str, tuple[LazyString, str]] = {
    "waiting": (_l("Waiting"), ""),
    "running": (_l("Running"), "accent"),
    "done": (_l("Done"), "good"),
    "failed": (_l("Failed"), "bad"),
    "cancelled": (_l("Cancelled"), "wait"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """`state` and `kind` are label and colour; `failure` and `result` are sentences, or empty."""

    icon: str
    title: str
    state: str
    kind: str
    address: str
    failure: str
    result: str


def init_app(app: Flask) -> None:
    app.jinja_env.globals.update(job_told=job_told, job_label=label_of, duration=duration)


def job_told(job: Job) -> Told:
    kind, (label, colour) = kind_of(job), STATES[job.state]
    about = kind.about(job)
    return Told(
        icon=kind.icon,
        title=f"{kind.label} · {about}" if about else str(kind.label),
        state=gettext("Being cancelled") if job.is_being_cancelled else str(label),
        kind="wait" if job.is_being_cancelled else colour,
        address=kind.address(job),
        failure=failure_of(job),
        result=kind.result(job) if job.state == "done" else "",
    )


def failure_of(job: Job) -> str:
    """Why it failed, in the language of whoever reads it."""
    failure = job.failure or {}
    sentence: str = failure.get("sentence", "")
    return gettext(sentence, **failure.get("params", {})) if sentence else ""


def duration(job: Job) -> str:
    """How long it has taken; empty while it runs or has not begun."""
    if job.started_at is None or job.finished_at is None:
        return ""
    seconds = max(1, round((job.finished_at - job.started_at).total_seconds()))
    if seconds < 120:
        return ngettext("%(num)s second", "%(num)s seconds", seconds)
    return ngettext("%(num)s minute", "%(num)s minutes", round(seconds / 60))
