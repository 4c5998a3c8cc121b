"""Reading the timeline: follow-ups and events in one statement, the latest first, by key.

Follow-ups are read from their own table, at the time when they happened; the event that one was written is for the log only. This room knows
the tables of others by the names of a few columns, so that it stays below them.
"""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast

from sqlalchemy import (
    ColumnElement,
    Label,
    Select,
    Text,
    and_,
    bindparam,
    column,
    func,
    literal,
    literal_column,
    null,
    or_,
    select,
    table,
    tuple_,
    union_all,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session
from sqlalchemy.types import DateTime, Integer, Uuid

from tenants.team.actor import Actor
from tenants.team.models import Member
from tenants.team.scope import by_shape, scope_values, with_customer, with_opportunity
from tenants.timeline.models import Event

Only = Literal["all", "followups", "opportunities", "changes"]
ONLY: tuple[Only, ...] = ("all", "followups", "opportunities", "changes")
PAGE = 30

_MOMENT = DateTime(timezone=True)
_FOLLOWUPS = table(
    "followups",
    *(column(name, Uuid()) for name in ("id", "customer_id", "contact_id", "opportunity_id", "plan_id", "member_id")),
    *(column(name, Text()) for name in ("means", "content", "result")),
    *(column(name, _MOMENT) for name in ("at", "next_contact_at", "created_at", "updated_at", "deleted_at")),
    column("version", Integer()),
)
_CUSTOMER = bindparam("customer_id", type_=Uuid())
_OPPORTUNITY = bindparam("opportunity_id", type_=Uuid())
_MOST = bindparam("most", type_=Integer())
_CONTACTS = table("contacts", column("id", Uuid()), column("name", Text()), column("post", Text()))
_OPPORTUNITIES = table("opportunities", column("id", Uuid()), column("name", Text()))


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a timeline. Of a follow-up, `id` is the follow-up's own and the fields from `means` on are filled."""

    id: uuid.UUID
    at: dt.datetime
    kind: str
    member_id: uuid.UUID | None
    customer_id: uuid.UUID | None
    opportunity_id: uuid.UUID | None
    subject_id: uuid.UUID | None
    data: dict[str, Any]
    means: str | None
    content: str | None
    result: str | None
    next_contact_at: dt.datetime | None
    created_at: dt.datetime | None
    updated_at: dt.datetime | None
    version: int | None
    member_name: str | None
    contact_id: uuid.UUID | None
    contact_name: str | None
    contact_post: str | None
    opportunity_name: str | None

    @property
    def is_followup(self) -> bool:
        return self.kind == "followup.written" and self.means is not None

    @property
    def is_edited(self) -> bool:
        return self.updated_at is not None and self.updated_at != self.created_at


Edge = tuple[dt.datetime, uuid.UUID]


def timeline(
    session: Session,
    actor: Actor,
    *,
    customer_id: uuid.UUID | None = None,
    opportunity_id: uuid.UUID | None = None,
    only: Only = "all",
    before: Edge | None = None,
    limit: int = PAGE,
) -> list[Entry]:
    """What happened with a customer, or with an opportunity, as far as `actor` sees it: at most `limit`, the latest first.

    `before` is the `(at, id)` of the last entry already shown.
    """
    if customer_id is None and opportunity_id is None:
        raise ValueError("a timeline is of a customer or of an opportunity")
    of = "customer" if opportunity_id is None else "opportunity"
    statement = _timeline(actor, of, only, actor.may("followup.read"), before is not None)
    return _read(session, actor, statement, customer_id, opportunity_id, before, limit)


def log(session: Session, actor: Actor, *, customer_id: uuid.UUID, before: Edge | None = None, limit: int = PAGE) -> list[Entry]:
    """操作记录: every event of a customer, as they were recorded."""
    return _read(session, actor, _log(actor, before is not None), customer_id, None, before, limit)


def edge(entries: list[Entry]) -> Edge:
    return entries[-1].at, entries[-1].id


def _read(
    session: Session, actor: Actor, statement: Any, customer_id: uuid.UUID | None, opportunity_id: uuid.UUID | None, before: Edge | None, limit: int
) -> list[Entry]:
    at, key = before or (None, None)
    asked = {"customer_id": customer_id, "opportunity_id": opportunity_id, "before_at": at, "before_id": key, "most": limit}
    rows: Sequence[Any] = session.execute(statement, asked | scope_values(actor)).all()
    return [Entry(*row) for row in rows]


@by_shape
def _timeline(actor: Actor, of: str, only: Only, with_followups: bool, goes_on: bool) -> Select[Any]:
    parts = [_followups(actor, of)] if only in ("all", "followups") and with_followups else []
    return _merged(actor, [*parts, _events(actor, of).where(_kinds(only))], goes_on=goes_on)


@by_shape
def _log(actor: Actor, goes_on: bool) -> Select[Any]:
    return _merged(actor, [_events(actor, "customer")], goes_on=goes_on)


def _merged(actor: Actor, parts: list[Select[Any]], *, goes_on: bool) -> Select[Any]:
    """Each part is cut to a page by its own index before they are merged."""
    cut = [_page(part, goes_on=goes_on).subquery() for part in parts]
    both = union_all(*(select(*part.c) for part in cut)).subquery("entries") if len(cut) > 1 else cut[0]
    entry = both.c
    query = (
        select(
            *(entry[name] for name in _SHARED),
            Member.name.label("member_name"),
            entry.contact_id,
            _CONTACTS.c.name.label("contact_name"),
            _CONTACTS.c.post.label("contact_post"),
            _OPPORTUNITIES.c.name.label("opportunity_name"),
        )
        .outerjoin(Member, Member.id == entry.member_id)
        .outerjoin(_CONTACTS, _CONTACTS.c.id == entry.contact_id)
        .outerjoin(_OPPORTUNITIES, and_(_OPPORTUNITIES.c.id == entry.opportunity_id, with_opportunity(entry.opportunity_id, actor)))
        .order_by(entry.at.desc(), entry.id.desc())
        .limit(_MOST)
    )
    return cast(Select[Any], query)


# The columns that both parts give, in the order of Entry.
_SHARED = (
    "id", "at", "kind", "member_id", "customer_id", "opportunity_id", "subject_id", "data",
    "means", "content", "result", "next_contact_at", "created_at", "updated_at", "version",
)  # fmt: skip


def _followups(actor: Actor, of: str) -> Select[Any]:
    one = _FOLLOWUPS.c
    return select(
        one.id, one.at, literal("followup.written", Text()).label("kind"), one.member_id, one.customer_id, one.opportunity_id,
        one.id.label("subject_id"), literal_column("'{}'::jsonb", JSONB()).label("data"),
        one.means, one.content, one.result, one.next_contact_at, one.created_at, one.updated_at, one.version, one.contact_id,
    ).where(one.deleted_at.is_(None), *_about(one, actor, of))  # fmt: skip


def _events(actor: Actor, of: str) -> Select[Any]:
    seen = or_(Event.opportunity_id.is_(None), with_opportunity(Event.opportunity_id, actor))
    return select(
        Event.id, Event.at, Event.kind, Event.member_id, Event.customer_id, Event.opportunity_id, Event.subject_id, Event.data,
        *_nothing(Text(), "means", "content", "result"), *_nothing(_MOMENT, "next_contact_at", "created_at", "updated_at"),
        *_nothing(Integer(), "version"), *_nothing(Uuid(), "contact_id"),
    ).where(seen, *_about(Event, actor, of))  # fmt: skip


def _nothing(kind: Any, *names: str) -> list[Label[Any]]:
    return [null().cast(kind).label(name) for name in names]


def _about(row: Any, actor: Actor, of: str) -> list[ColumnElement[bool]]:
    """Asked of the id as a value, the scope is decided once and not for each row."""
    if of == "customer":
        return [row.customer_id == _CUSTOMER, with_customer(_CUSTOMER, actor)]
    return [row.opportunity_id == _OPPORTUNITY, with_opportunity(_OPPORTUNITY, actor)]


def _kinds(only: Only) -> ColumnElement[bool]:
    thing = func.split_part(Event.kind, ".", 1)
    written = Event.kind != "followup.written"
    return {
        "all": written,
        "followups": and_(written, thing.in_(("plan", "followup"))),
        "opportunities": thing == "opportunity",
        "changes": thing.notin_(("plan", "followup", "opportunity")),
    }[only]


def _page(part: Select[Any], *, goes_on: bool) -> Select[Any]:
    columns = part.selected_columns
    if goes_on:
        part = part.where(tuple_(columns.at, columns.id) < tuple_(bindparam("before_at", type_=_MOMENT), bindparam("before_id", type_=Uuid())))
    return part.order_by(columns.at.desc(), columns.id.desc()).limit(_MOST)
