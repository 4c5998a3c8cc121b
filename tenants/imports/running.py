"""One import from its first row to its last, in one transaction: understood, compared, and (unless it is a dry run) written."""

import datetime as dt
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any, NamedTuple, cast

from sqlalchemy import delete
from sqlalchemy.orm import Session

from tenants.imports import contacts, customers, followups, opportunities
from tenants.imports.fields import Kind
from tenants.imports.models import Import, ImportRow
from tenants.imports.reading import unpack
from tenants.imports.rows import Reader, Row
from tenants.imports.setting import BATCH, Setting
from tenants.notifications.bells import REMINDERS
from tenants.timeline.log import SOON, TOUCHED, record
from tenants.values.words import N_, Refusal
from tenants.wall.bells import ring
from tenants.wall.pour import pour_rows

MOST_ERRORS = 5  # of one row that are kept
STATES = {"create": "created", "update": "updated", "skip": "skipped", "fail": "failed"}


class Forgotten(Refusal):
    sentence = N_("The file of this import is no longer kept. Choose it again.")


class NotAllowed(Refusal):
    sentence = N_("Your role no longer lets you import this.")


class Room(NamedTuple):
    """How one kind is compared and written."""

    decide: Callable[[Setting, list[Row]], None]
    write: Callable[[Setting, list[Row]], None]


ROOMS: dict[str, Room] = {
    "customer": Room(customers.decide, customers.write),
    "contact": Room(contacts.decide, contacts.write),
    "followup": Room(followups.decide, followups.write),
    "opportunity": Room(opportunities.decide, opportunities.write),
}


class Progress:
    """Counts the rows of both rounds: understanding them is half of the work, writing them the other."""

    def __init__(self, tell: Callable[[int, int], None], rows: int) -> None:
        self.tell, self.rows, self.first, self.second = tell, rows, 0, 0

    def read(self, rows: int) -> None:
        self.first += rows
        self._say()

    def written(self, rows: int) -> None:
        self.second += rows
        self._say()

    def _say(self) -> None:
        self.tell(min((self.first + self.second) // 2, self.rows), self.rows)


def permissions(kind: str, policy: str = "skip") -> tuple[str, ...]:
    """What one must be allowed to import this."""
    return ("customer.import", f"{kind}.create", *((f"{kind}.edit",) if policy == "update" else ()))


def check(setting: Setting, one: Import, progress: Callable[[int, int], None]) -> dict[str, int]:
    """The dry run: what would become of each row; only what failed or would be left out is kept."""
    rows = _decided(setting, one, Progress(progress, one.height))
    _keep(setting.session, one, [row for row in rows if row.action in ("fail", "skip")])
    one.state, one.counts = "checked", _counts(rows)
    return one.counts


def run(setting: Setting, one: Import, progress: Callable[[int, int], None]) -> dict[str, int]:
    """All rows that can be, are written; what became of each is kept, so that it can be undone."""
    steps = Progress(progress, one.height)
    setting = replace(setting, step=steps.written)
    rows = _decided(setting, one, steps)
    ROOMS[one.kind].write(setting, rows)
    _keep(setting.session, one, rows)
    one.state, one.counts, one.done_at = "done", _counts(rows), setting.at
    ring(setting.session, TOUCHED, setting.at + SOON)
    for due in _promised(rows):
        ring(setting.session, REMINDERS, due)
    record(setting.session, "import.done", by=setting.actor, at=setting.at, subject_id=one.id, name=one.name, of=one.kind, counts=one.counts)
    return one.counts


def read_rows(one: Import, kind: Kind, setting: Setting) -> Iterator[Row]:
    if one.content is None:
        raise Forgotten
    return Reader(kind, one.fields, setting.world).rows(unpack(one.content), after=one.heading)


def _decided(setting: Setting, one: Import, steps: Progress) -> list[Row]:
    if not all(setting.actor.may(permission) for permission in permissions(one.kind, setting.options.policy)):
        raise NotAllowed
    rows: list[Row] = []
    for row in read_rows(one, cast(Kind, one.kind), setting):
        rows.append(row)
        if len(rows) % BATCH == 0:
            steps.read(BATCH)
    ROOMS[one.kind].decide(setting, rows)
    for row in rows:
        if row.errors is not None:
            row.action = "fail"
    steps.read(len(rows) % BATCH)
    return rows


def _promised(rows: Sequence[Row]) -> list[dt.datetime]:
    """When the first of the next contacts is due that came in; its bell finds out about the others."""
    moments = [row.values["next_contact_at"] for row in rows if row.action in ("create", "update") and row.values.get("next_contact_at")]
    return [min(moments)] if moments else []


def _counts(rows: Sequence[Row]) -> dict[str, int]:
    counts = dict.fromkeys(STATES.values(), 0)
    for row in rows:
        counts[STATES[row.action]] += 1
    return counts


def _keep(session: Session, one: Import, rows: Sequence[Row]) -> None:
    """Anew: what an earlier dry run said is gone."""
    session.execute(delete(ImportRow).where(ImportRow.import_id == one.id).execution_options(synchronize_session=False))
    pour_rows(session, ImportRow, ["import_id", "number", "state", "record_id", "data"], (_line(one.id, row) for row in rows))


def _line(import_id: uuid.UUID, row: Row) -> tuple[Any, ...]:
    data = {"errors": row.errors[:MOST_ERRORS]} if row.errors is not None else row.data
    return import_id, row.number, STATES[row.action], None if row.errors is not None else row.target, data
