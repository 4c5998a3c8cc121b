"""Every kind of long work. A room that asks for a new kind gives it a line."""

from flask_babel import lazy_gettext as _l

from tenants.jobs.models import Job
from web.exports.kind import EXPORT
from web.jobs.kind import Kind
from web.scoring.kind import RESCORING


def _file(job: Job) -> str:
    return str(job.params.get("name", ""))


KINDS: dict[str, Kind] = {
    "export": EXPORT,
    "rescoring": RESCORING,
    "import.check": Kind(_l("Dry run of an import"), "import", "imports.of_job", about=_file),
    "import": Kind(_l("Import"), "import", "imports.of_job", about=_file),
    "import.undo": Kind(_l("Undo of an import"), "undo", "imports.of_job", about=_file),
}


UNKNOWN = Kind(_l("Work"), "refresh")  # one that a newer release asked for


def kind_of(job: Job) -> Kind:
    return KINDS.get(job.kind, UNKNOWN)


def label_of(kind: str) -> str:
    return str(KINDS.get(kind, UNKNOWN).label)
