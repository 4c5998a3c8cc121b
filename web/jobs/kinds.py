"""Every kind of long work. A room that asks for a new kind gives it a line."""

from flask_babel import lazy_gettext as _l

from tenants.jobs.models import Job
from web.exports.kind import EXPORT
from web.imports.kind import CHECK, IMPORT, UNDO
from web.jobs.kind import Kind
from web.scoring.kind import RESCORING

KINDS: dict[str, Kind] = {"export": EXPORT, "rescoring": RESCORING, "import.check": CHECK, "import": IMPORT, "import.undo": UNDO}


UNKNOWN = Kind(_l("Work"), "refresh")  # one that a newer release asked for


def kind_of(job: Job) -> Kind:
    return KINDS.get(job.kind, UNKNOWN)


def label_of(kind: str) -> str:
    return str(KINDS.get(kind, UNKNOWN).label)
