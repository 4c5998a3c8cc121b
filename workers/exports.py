"""Exports: the answer to the job "export"."""

from collections.abc import Callable
from pathlib import Path

from babel.support import NullTranslations, Translations

from tenants.exports.making import make
from tenants.exports.order import asker, read_order
from tenants.jobs.models import Job
from web import words
from workers.tenancy import now
from workers.work import Work


def export(work: Work) -> None:
    """Everything is one transaction: what the file holds, that it is there, that it is in the log, that the work is done."""
    order = read_order(work.params)
    with work.session() as session:
        actor = asker(session, work.taken.member_id, order.of)
        job = session.get_one(Job, work.taken.id)
        made = make(session, job, order, actor=actor, tenant=work.tenant, at=now(), say=speech(order.locale), told=work.progress)
        work.finish(session, {"rows": made.rows, "file": str(made.file.id)})


def speech(locale: str) -> Callable[[str], str]:
    """What translates into `locale` where there is no request."""
    spoken: NullTranslations = Translations.load(str(Path(words.__file__).parent / "translations"), [locale])
    return spoken.ugettext
