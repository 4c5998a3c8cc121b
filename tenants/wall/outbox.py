"""Effects outside, promised in the same transaction as their cause; done by a worker afterwards, with the row's id as idempotency key.

The landlord's outbox has the same shape and is served by the same functions: which one is meant follows from the session's plane.
"""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Executable, Result, delete, func, insert, or_, select, update
from sqlalchemy.orm import Session

from tenants.values.ids import new_id
from tenants.wall.bells import ring, ring_now
from tenants.wall.models import Outbox

BELL = "outbox"
LEASE = dt.timedelta(seconds=90)
# After each failed attempt; when they are used up, it has failed for good.
PAUSES = tuple(dt.timedelta(seconds=s) for s in (30, 120, 600, 3600, 4 * 3600, 12 * 3600))

_OPEN = Outbox.done_at.is_(None) & Outbox.failed_at.is_(None)


@dataclass(frozen=True, slots=True)
class Promise:
    """`id` is the idempotency key; `attempts` counts this one too."""

    id: uuid.UUID
    kind: str
    payload: dict[str, Any]
    attempts: int


def promise(session: Session, kind: str, payload: dict[str, Any], *, at: dt.datetime, due_at: dt.datetime | None = None) -> uuid.UUID:
    """Promises the effect `kind` (such as "mail") and rings the bell for it. Both stand or fall with the caller's transaction."""
    key = new_id()
    _run(session, insert(Outbox).values(id=key, kind=kind, payload=payload, due_at=due_at or at, created_at=at))
    if due_at is None:
        ring_now(session, BELL, at)
    else:
        ring(session, BELL, due_at)
    return key


def lease(session: Session, *, at: dt.datetime, most: int = 5) -> list[Promise]:
    """What is due and nobody else is doing. Commit before doing it; whoever dies meanwhile loses it after `LEASE`."""
    due = select(Outbox.id).where(_OPEN, Outbox.due_at <= at, _is_free(at)).order_by(Outbox.due_at).limit(most).with_for_update(skip_locked=True)
    taken = update(Outbox).where(Outbox.id.in_(due)).values(leased_until=at + LEASE, attempts=Outbox.attempts + 1)
    rows = _run(session, taken.returning(Outbox.id, Outbox.kind, Outbox.payload, Outbox.attempts))
    return [Promise(row.id, row.kind, row.payload, row.attempts) for row in rows]


def keep(session: Session, promised: Promise, *, at: dt.datetime) -> None:
    """It is done. What it said is forgotten, for mails hold links that open doors."""
    _run(session, update(Outbox).where(Outbox.id == promised.id).values(done_at=at, leased_until=None, failure=None, payload={}))


def put_off(session: Session, promised: Promise, *, at: dt.datetime, why: str, hopeless: bool = False) -> None:
    """It failed: another time, or never when it is hopeless or has been tried often enough."""
    if hopeless or promised.attempts > len(PAUSES):
        values: dict[str, Any] = {"failed_at": at}
    else:
        values = {"due_at": at + PAUSES[promised.attempts - 1]}
    _run(session, update(Outbox).where(Outbox.id == promised.id, _OPEN).values(**values, leased_until=None, failure=why[:1000]))


def next_due(session: Session) -> dt.datetime | None:
    """When the next promise falls due, or the next lease ends; None when nothing is open."""
    due: dt.datetime | None = _run(session, select(func.min(func.greatest(Outbox.due_at, Outbox.leased_until))).where(_OPEN)).scalar_one()
    return due


def forget(session: Session, *, before: dt.datetime) -> None:
    """Takes away what was done or given up before then."""
    _run(session, delete(Outbox).where(or_(Outbox.done_at < before, Outbox.failed_at < before)))


def _is_free(at: dt.datetime) -> ColumnElement[bool]:
    return or_(Outbox.leased_until.is_(None), Outbox.leased_until <= at)


def _run(session: Session, statement: Executable) -> Result[Any]:
    options: dict[str, Any] = {"synchronize_session": False}
    if session.info["plane"].name == "saas":
        options["schema_translate_map"] = {None: "saas"}
    return session.execute(statement, execution_options=options)
