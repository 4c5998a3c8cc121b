"""Follow-ups with their authors and dates as they were: what others wrote down before they came to us."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ARRAY, DateTime, Uuid, bindparam, column, func, select

from tenants.followups.models import CLIP, Followup
from tenants.followups.reckoning import reckon_all
from tenants.followups.writing import SLACK, NotYetHappened
from tenants.imports.belonging import find_contacts, find_customers
from tenants.imports.rows import Row
from tenants.imports.setting import Setting, batches
from tenants.timeline.models import Event
from tenants.values.ids import new_id
from tenants.wall.pour import pour

Mark = tuple[uuid.UUID, dt.datetime, str]


def decide(setting: Setting, rows: list[Row]) -> None:
    for row in rows:
        if (at := row.values.get("at")) is not None and at > setting.at + SLACK:
            row.fail("at", NotYetHappened())
    find_customers(setting, [row for row in rows if row.errors is None])
    good = [row for row in rows if row.errors is None]
    find_contacts(setting, good)
    for row in good:
        _complete(setting, row)
    if setting.options.policy != "create":
        _leave_out_known(setting, good)


def _complete(setting: Setting, row: Row) -> None:
    """Who wrote it, when, and what is said of people whom we do not know."""
    values, words = row.values, setting.options.words
    values["at"] = min(values.get("at") or setting.at, setting.at)
    author = values.get("author")
    notes = []
    if isinstance(author, str):
        notes.append(words.get("author", "%(name)s") % {"name": author})
        values["member_id"] = None
    else:
        values["member_id"] = author or setting.actor.id
    if values.get("contact") and not values.get("contact_id"):
        notes.append(words.get("contact", "%(name)s") % {"name": values["contact"]})
    values["text"] = "\n".join([values["content"], *notes])


def _leave_out_known(setting: Setting, rows: Sequence[Row]) -> None:
    """The same words at the same time with the same customer, there already or in the file before, are one follow-up."""
    seen: dict[Mark, uuid.UUID | None] = {}
    for part in batches(rows):
        seen |= _there(setting, part)
        for row in part:
            mark = _mark(row.values["customer_id"], row.values["at"], row.values["text"])
            if mark in seen:
                row.action, row.target = "skip", seen[mark]
            seen.setdefault(mark, None)


def _there(setting: Setting, rows: Sequence[Row]) -> dict[Mark, uuid.UUID | None]:
    ids = bindparam(None, [row.values["customer_id"] for row in rows], ARRAY(Uuid()))
    moments = bindparam(None, [row.values["at"] for row in rows], ARRAY(DateTime(timezone=True)))
    wanted = func.unnest(ids, moments).table_valued(column("customer_id", Uuid()), column("at", DateTime(timezone=True))).render_derived("w")
    query = select(Followup.id, Followup.customer_id, Followup.at, Followup.content).join(
        wanted, (wanted.c.customer_id == Followup.customer_id) & (wanted.c.at == Followup.at)
    )
    found = setting.session.execute(query.where(Followup.deleted_at.is_(None)))
    return {_mark(customer, at, content): key for key, customer, at, content in found}


def _mark(customer_id: uuid.UUID, at: dt.datetime, content: str) -> Mark:
    return customer_id, at.astimezone(dt.UTC), " ".join(content.split())


def write(setting: Setting, rows: list[Row]) -> None:
    new = [row for row in rows if row.action == "create"]
    for part in batches(new):
        for row in part:
            row.target = new_id()
        pour(setting.session, Followup, (_followup(setting, row) for row in part))
        pour(setting.session, Event, ({"id": new_id()} | _event(setting, row) for row in part))
        setting.step(len(part))
    reckon_all(setting.session, sorted({row.values["customer_id"] for row in new}))


def _followup(setting: Setting, row: Row) -> dict[str, Any]:
    values = row.values
    return {
        "id": row.target,
        "customer_id": values["customer_id"],
        "contact_id": values.get("contact_id"),
        "means": values.get("means") or "phone",
        "content": values["text"],
        "result": values.get("result"),
        "next_contact_at": values.get("next_contact_at"),
        "at": values["at"],
        "member_id": values["member_id"],
        "created_at": setting.at,
        "updated_at": setting.at,
    }


def _event(setting: Setting, row: Row) -> dict[str, Any]:
    about = {"customer_id": row.values["customer_id"], "subject_id": row.target or uuid.UUID(int=0)}
    return setting.event("followup.written", data={"content": row.values["text"][:CLIP]}, **about)
