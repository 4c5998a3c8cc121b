"""An export from its order to its file."""

import datetime as dt
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from tenants.exports.offered import OFFERED
from tenants.exports.order import NAMES, Order
from tenants.exports.reading import Reading
from tenants.exports.writing import MEDIA, writing
from tenants.jobs.asking import keep_file
from tenants.jobs.models import Job, JobFile
from tenants.team.actor import Actor
from tenants.timeline.log import record
from tenants.values.words import N_, Refusal
from tenants.wall.tenant import Tenant

MOST_BYTES = 100 * 1024 * 1024  # of a file: it is kept in one row


class TooLarge(Refusal):
    sentence = N_("The file would be larger than 100 MB. Narrow the list down, or choose fewer columns.")


@dataclass(frozen=True, slots=True)
class Made:
    file: JobFile
    rows: int


def make(
    session: Session,
    job: Job,
    order: Order,
    *,
    actor: Actor,
    tenant: Tenant,
    at: dt.datetime,
    say: Callable[[str], str],
    told: Callable[[int, int], None],
) -> Made:
    """Writes the file, keeps it with the job and says so in the log. `told` hears of (done, total); what it raises ends the work."""
    with tempfile.TemporaryDirectory(prefix="zuke-export-") as folder:
        path = Path(folder) / f"export.{order.form}"
        rows = _write(path, Reading(session, order, actor, tenant), order, say=say, at=at, told=told)
        if path.stat().st_size > MOST_BYTES:
            raise TooLarge
        name = f"{say(NAMES[order.of])} {at.astimezone(tenant.zone):%Y-%m-%d}.{order.form}"
        file = keep_file(session, job, "result", name=name, media_type=MEDIA[order.form], content=path.read_bytes(), at=at)
    record(session, "export.made", by=actor, at=at, subject_id=job.id, of=order.of, format=order.form, rows=rows, told=order.told)
    return Made(file, rows)


def _write(path: Path, reading: Reading, order: Order, *, say: Callable[[str], str], at: dt.datetime, told: Callable[[int, int], None]) -> int:
    columns = [OFFERED[order.of][key] for key in order.columns]
    total, done = reading.count(), 0
    told(0, total)
    with writing(path, order.form, columns, title=say(NAMES[order.of]), say=say, at=at) as put:
        for part in reading.parts():
            put(part)
            done += len(part)
            told(done, max(total, done))
    return done
