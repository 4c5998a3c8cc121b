"""Effects outside, promised in the same transaction as their cause; done by a worker afterwards, with the row's id as idempotency key.

The landlord's outbox has the same shape and is served by the same functions: which one is meant follows from the session's plane.
"""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Executable, Result, and_, delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from tenants.values.ids import new_id
from tenants.wall.bells import ring, ring_now
from tenants.wall.models import Outbox

BELL = "outbox"
LEASE = dt.timedelta(seconds=30)
SLACK = dt.timedelta(minutes=1)  # by which clocks may differ; what lies further ahead than it can was written before a clock was put back
# After each failed attempt; when they are used up, it has failed for good.
PAUSES = tuple(dt.timedelta(seconds=s) for s in (30, 120, 600, 3600, 4 * 3600, 12 * 3600))

_TABLE: Any = Outbox.__table__
_OPEN = Outbox.done_at.is_(None) & Outbox.failed_at.is_(None)


@dataclass(frozen=True, slots=True)
class Promise:
    """`id` is the idempotency key; `attempts` counts this one too."""

    id: uuid.UUID
    kind: str
    payload: dict[str, Any]
    attempts: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """A promise to be made. The same `key` is promised once, however often it is asked for."""

    key: uuid.UUID
    payload: dict[str, Any]
    due_at: dt.datetime


def promise(
    session: Session, kind: str, payload: dict[str, Any], *, at: dt.datetime, due_at: dt.datetime | None = None, key: uuid.UUID | None = None
) -> uuid.UUID:
    """Promises the effect `kind` (such as "mail") and rings the bell for it. Both stand or fall with the caller's transaction.

    `key`, if given, is the idempotency key: the same one is promised once.
    """
    key = key or new_id()
    promise_all(session, kind, [Wanted(key, payload, due_at or at)], at=at)
    return key


def promise_all(session: Session, kind: str, wanted: Sequence[Wanted], *, at: dt.datetime) -> None:
    """Many of one kind, each with a key of its own."""
    if not wanted:
        return
    rows = [{"id": one.key, "kind": kind, "payload": one.payload, "due_at": one.due_at, "created_at": at} for one in wanted]
    _run(session, insert(_TABLE).on_conflict_do_nothing(), rows)
    _ring(session, {one.due_at for one in wanted}, at)


def join(session: Session, kind: str, wanted: Wanted, name: str, *, at: dt.datetime) -> bool:
    """Promises it, or adds to the list `name` in the payload of the promise that has its key and is still waiting. False: that one has begun."""
    fresh = insert(_TABLE).values(id=wanted.key, kind=kind, payload=wanted.payload, due_at=wanted.due_at, created_at=at)
    lists = _TABLE.c.payload[name].op("||")(fresh.excluded.payload[name])
    joined = fresh.on_conflict_do_update(
        index_elements=[_TABLE.c.id],
        set_={"payload": func.jsonb_set(_TABLE.c.payload, [name], lists)},
        where=(_TABLE.c.attempts == 0) & _TABLE.c.done_at.is_(None),
    )
    is_promised = _run(session, joined.returning(_TABLE.c.id)).one_or_none() is not None
    if is_promised:
        _ring(session, {wanted.due_at}, at)
    return is_promised


def _ring(session: Session, due: set[dt.datetime], at: dt.datetime) -> None:
    for due_at in due:
        if due_at <= at:
            ring_now(session, BELL, at)
        else:
            ring(session, BELL, due_at)


def lease(session: Session, *where: ColumnElement[bool], at: dt.datetime, most: int = 5) -> list[Promise]:
    """What is due (and `where`) and nobody else is doing. Commit before doing it; whoever dies meanwhile loses it after `LEASE`."""
    waiting = select(Outbox.id).where(_OPEN, _is_due(at), _is_free(at), *where).order_by(Outbox.due_at)
    due = waiting.limit(most).with_for_update(skip_locked=True)
    taken = update(Outbox).where(Outbox.id.in_(due)).values(leased_until=at + LEASE, attempts=Outbox.attempts + 1)
    rows = _run(session, taken.returning(Outbox.id, Outbox.kind, Outbox.payload, Outbox.attempts))
    return [Promise(row.id, row.kind, row.payload, row.attempts) for row in rows]


def is_ours(session: Session, promised: Promise) -> bool:
    """Whether it is still ours to keep; nobody else can take it before this transaction ends, even if our lease does."""
    held = select(Outbox.id).where(Outbox.id == promised.id, _OPEN, Outbox.attempts == promised.attempts).with_for_update()
    return _run(session, held).one_or_none() is not None


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


def try_again(session: Session, key: uuid.UUID, *, at: dt.datetime) -> None:
    """What was given up begins anew, with the same idempotency key."""
    given_up = update(Outbox).where(Outbox.id == key, Outbox.failed_at.is_not(None))
    _run(session, given_up.values(failed_at=None, failure=None, attempts=0, due_at=at, leased_until=None))
    ring_now(session, BELL, at)


def give_back(session: Session, promised: Promise, *, due_at: dt.datetime) -> None:
    """It was not tried after all, and is due later."""
    values = {"due_at": due_at, "leased_until": None, "attempts": Outbox.attempts - 1}
    _run(session, update(Outbox).where(Outbox.id == promised.id, _OPEN).values(**values))


def wait(session: Session, *where: ColumnElement[bool], until: dt.datetime, at: dt.datetime) -> None:
    """What is due (and `where`) and nobody is doing waits on: no attempt was made."""
    _run(session, update(Outbox).where(_OPEN, Outbox.due_at <= at, _is_free(at), *where).values(due_at=until))


def next_due(session: Session) -> dt.datetime | None:
    """When the next promise falls due, or the next lease ends; None when nothing is open."""
    due: dt.datetime | None = _run(session, select(func.min(func.greatest(Outbox.due_at, Outbox.leased_until))).where(_OPEN)).scalar_one()
    return due


def is_waiting(session: Session, at: dt.datetime) -> bool:
    """Whether something could be done now."""
    return _run(session, select(Outbox.id).where(_OPEN, _is_due(at), _is_free(at)).limit(1)).first() is not None


def unsent(session: Session) -> tuple[int, int]:
    """How many are being tried again, and how many were given up."""
    tried = func.count().filter(_OPEN, Outbox.attempts > 0, Outbox.failure.is_not(None))
    row: Any = _run(session, select(tried, func.count().filter(Outbox.failed_at.is_not(None)))).one()
    return row[0], row[1]


def forget(session: Session, *, before: dt.datetime) -> None:
    """Takes away what was done or given up before then."""
    _run(session, delete(Outbox).where(or_(Outbox.done_at < before, Outbox.failed_at < before)))


def _is_due(at: dt.datetime) -> ColumnElement[bool]:
    """What was to be done at once, by a clock that has been put back since, is to be done now."""
    return or_(Outbox.due_at <= at, and_(Outbox.created_at > at + SLACK, Outbox.due_at <= Outbox.created_at))


def _is_free(at: dt.datetime) -> ColumnElement[bool]:
    return or_(Outbox.leased_until.is_(None), Outbox.leased_until <= at, Outbox.leased_until > at + LEASE + SLACK)


def _run(session: Session, statement: Executable, rows: Sequence[dict[str, Any]] | None = None) -> Result[Any]:
    options: dict[str, Any] = {"synchronize_session": False}
    if session.info["plane"].name == "saas":
        options["schema_translate_map"] = {None: "saas"}
    return session.execute(statement, rows, execution_options=options)
