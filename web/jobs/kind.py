"""What pages must know about a kind of long work."""

from collections.abc import Callable
from dataclasses import dataclass

from flask_babel.speaklater import LazyString

from tenants.jobs.models import Job, JobFile
from tenants.team.actor import Actor
from web.ui.links import way


def _nothing(_: Job) -> str:
    return ""


def _anybody(_: Job, __: Actor) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Kind:
    """`endpoint`: the room's own page of the job, asked with `job_id`. `about` says beside the label what it is about, `result` what came of it.

    `may_download`: asked of those who may see the job at all. `downloaded` hears of it.
    """

    label: LazyString
    icon: str
    endpoint: str = "jobs.show"
    about: Callable[[Job], str] = _nothing
    result: Callable[[Job], str] = _nothing
    may_download: Callable[[Job, Actor], bool] = _anybody
    downloaded: Callable[[Job, JobFile], None] | None = None

    def address(self, job: Job) -> str:
        """The room's own page of it, or ours while that room is not built in."""
        return way(self.endpoint, job_id=job.id) or way("jobs.show", job_id=job.id) or ""
