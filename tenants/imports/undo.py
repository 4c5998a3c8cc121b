"""Taking an import back: what it made and nobody has touched since goes, what it changed and nobody has changed since gets its old values.

What it could not take back keeps its line with the reason. Set-wise, in one transaction.
"""

import datetime as dt
import decimal
import uuid
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, delete, exists, or_, select
from sqlalchemy.orm import Session

from tenants.customers import customer as customers
from tenants.customers.contact import FIELDS as CONTACT_FIELDS
from tenants.customers.contact import Contact
from tenants.customers.customer import Customer
from tenants.customers.tag import CustomerTag
from tenants.followups.models import Followup, Plan
from tenants.followups.reckoning import reckon_all
from tenants.imports.changing import put, refresh_contacts, refresh_customers
from tenants.imports.models import Import, ImportRow
from tenants.imports.opportunities import CHANGED as OPPORTUNITY_FIELDS
from tenants.imports.opportunities import refresh_opportunities
from tenants.imports.setting import Setting, among, batches
from tenants.pipeline.opportunity import Opportunity
from tenants.scoring.models import Score
from tenants.timeline.changes import plain
from tenants.timeline.log import SOON, TOUCHED, record
from tenants.timeline.models import Event
from tenants.values.ids import new_id
from tenants.values.words import N_, Refusal
from tenants.wall.bells import ring
from tenants.wall.pour import pour

Lines = Sequence[ImportRow]
MODELS: dict[str, Any] = {"customer": Customer, "contact": Contact, "followup": Followup, "opportunity": Opportunity}
FIELDS: dict[str, tuple[str, ...]] = {"customer": (*customers.FIELDS, "status"), "contact": CONTACT_FIELDS, "opportunity": OPPORTUNITY_FIELDS}
WORKED_WITH = N_("Somebody has worked with it since.")
CHANGED_SINCE = N_("It has been changed since.")
GONE = N_("It is no longer there.")


class TooLateToUndo(Refusal):
    sentence = N_("An import can be undone for 7 days.")


def undo(setting: Setting, one: Import, progress: Callable[[int, int], None]) -> dict[str, int]:
    if not one.may_be_undone(setting.at) or one.done_at is None:
        raise TooLateToUndo
    session = setting.session
    lines = _lines(session, one)
    counts, done = {"removed": 0, "put_back": 0, "kept": 0}, 0
    for take_back, name, theirs in ((_put_back, "put_back", lines["updated"]), (_remove, "removed", lines["created"])):
        for part in batches(theirs):
            taken = take_back(setting, one, part)
            counts[name] += taken
            counts["kept"] += len(part) - taken
            done += len(part)
            progress(done, sum(map(len, lines.values())))
    one.state, one.undone_at, one.counts = "undone", setting.at, one.counts | counts
    ring(session, TOUCHED, setting.at + SOON)
    record(session, "import.undone", by=setting.actor, at=setting.at, subject_id=one.id, name=one.name, of=one.kind, counts=counts)
    session.flush()
    return counts


def _lines(session: Session, one: Import) -> dict[str, Lines]:
    """The latest first. What filled a record of the same file goes with that record."""
    query = select(ImportRow).where(ImportRow.import_id == one.id, ImportRow.state.in_(["created", "updated"])).order_by(ImportRow.number.desc())
    lines = session.scalars(query).all()
    created = {line.record_id for line in lines if line.state == "created"}
    updated = [line for line in lines if line.state == "updated" and line.record_id not in created]
    return {"created": [line for line in lines if line.state == "created"], "updated": updated}


def _remove(setting: Setting, one: Import, lines: Lines) -> int:
    session, model, at = setting.session, MODELS[one.kind], one.done_at
    assert at is not None  # noqa: S101 - `undo` has looked
    ids = [line.record_id for line in lines if line.record_id]
    there = dict(session.execute(_with_customer(model).where(among(model.id, ids))).all())
    touched = set(session.scalars(select(model.id).where(among(model.id, ids), _is_touched(one.kind, at))))
    gone = [key for key in there if key not in touched]
    theirs = sorted({there[key] for key in gone})
    _forget_events(session, one.kind, gone, theirs)
    for table, key in ((model, model.id), (Score, Score.subject_id)):
        session.execute(delete(table).where(among(key, gone)).execution_options(synchronize_session=False))
    if one.kind == "contact":
        _remove_made(session, lines, at)
        refresh_customers(session, theirs)
    if one.kind == "followup":
        reckon_all(session, theirs)
    _tell_why(lines, dict.fromkeys(touched, WORKED_WITH) | {key: GONE for key in ids if key not in there})
    return len(gone)


def _with_customer(model: Any) -> Any:
    return select(model.id, model.id if model is Customer else model.customer_id)


def _is_touched(kind: str, at: dt.datetime) -> ColumnElement[bool]:
    """Everything that people do leaves an event; what the night does, such as grades, bears no member."""
    later = (Event.at > at, Event.member_id.is_not(None))
    if kind == "customer":
        return exists().where(Event.customer_id == Customer.id, *later)
    if kind == "opportunity":
        return exists().where(Event.opportunity_id == Opportunity.id, *later)
    if kind == "followup":
        return exists().where(Event.customer_id == Followup.customer_id, Event.subject_id == Followup.id, *later)
    spoken = (exists().where(said.customer_id == Contact.customer_id, said.contact_id == Contact.id) for said in (Followup, Plan, Opportunity))
    return or_(exists().where(Event.customer_id == Contact.customer_id, Event.subject_id == Contact.id, *later), *spoken)


def _forget_events(session: Session, kind: str, ids: Sequence[uuid.UUID], customer_ids: Sequence[uuid.UUID]) -> None:
    """The events of what never was."""
    whose = {"customer": among(Event.customer_id, ids), "opportunity": among(Event.opportunity_id, ids)}
    of = whose.get(kind, among(Event.customer_id, customer_ids) & among(Event.subject_id, ids))
    session.execute(delete(Event).where(of).execution_options(synchronize_session=False))


def _remove_made(session: Session, lines: Lines, at: dt.datetime) -> None:
    """Customers that a table of contacts made, when nobody has touched them and no contact is left."""
    made = [uuid.UUID(line.data["customer"]) for line in lines if line.data and "customer" in line.data]
    left = exists().where(Contact.customer_id == Customer.id)
    free = list(session.scalars(select(Customer.id).where(among(Customer.id, made), ~_is_touched("customer", at), ~left)))
    _forget_events(session, "customer", free, free)
    session.execute(delete(Customer).where(among(Customer.id, free)).execution_options(synchronize_session=False))


def _put_back(setting: Setting, one: Import, lines: Lines) -> int:
    """Old values, field by field, where the import's still stand. Lines come the latest first, as one record may have been filled twice."""
    session, model, columns = setting.session, MODELS[one.kind], FIELDS[one.kind]
    ids = [line.record_id for line in lines if line.record_id]
    query = select(model.id, *(getattr(model, column) for column in columns)).where(among(model.id, ids), model.deleted_at.is_(None))
    now = {row.id: dict(row._mapping) for row in session.execute(query.order_by(model.id).with_for_update(key_share=True))}
    before = {key: dict(values) for key, values in now.items()}
    why: dict[uuid.UUID, str] = {}
    for line in lines:
        if line.record_id is None or line.record_id not in now:
            why[line.record_id or line.import_id] = GONE
        elif not _restore(now[line.record_id], (line.data or {}).get("changes", {}), model):
            why[line.record_id] = CHANGED_SINCE
    changed = sorted(key for key in now if now[key] != before[key])
    put(session, model.__table__, [{"key": key} | now[key] for key in changed], columns, setting.at)
    _refresh(setting, one.kind, changed)
    _take_tags(session, lines)
    _tell(setting, one, {key: {c: [plain(before[key][c]), plain(now[key][c])] for c in columns if before[key][c] != now[key][c]} for key in changed})
    _tell_why(lines, why)
    return sum(line.record_id not in why for line in lines)


def _restore(now: dict[str, Any], changes: dict[str, list[Any]], model: Any) -> bool:
    """False when a field has been changed since: that one stays as it is."""
    untouched = True
    for field, (old, new) in changes.items():
        if plain(now[field]) == new:
            now[field] = _read(model, field, old)
        else:
            untouched = False
    return untouched


def _read(model: Any, field: str, kept: Any) -> Any:
    """A value out of JSON."""
    if kept is None:
        return None
    kinds: dict[type, Callable[[str], Any]] = {
        dt.datetime: dt.datetime.fromisoformat, dt.date: dt.date.fromisoformat, decimal.Decimal: decimal.Decimal, uuid.UUID: uuid.UUID,
    }  # fmt: skip
    kind = model.__table__.c[field].type.python_type
    return kinds[kind](kept) if kind in kinds else kept


def _refresh(setting: Setting, kind: str, ids: Sequence[uuid.UUID]) -> None:
    if kind == "customer":
        refresh_customers(setting.session, ids)
    elif kind == "contact":
        refresh_contacts(setting.session, ids)
        refresh_customers(setting.session, list(set(setting.session.scalars(select(Contact.customer_id).where(among(Contact.id, ids))))))
    else:
        refresh_opportunities(setting, ids)


def _take_tags(session: Session, lines: Lines) -> None:
    for line in lines:
        added = [uuid.UUID(tag) for tag in (line.data or {}).get("tags", ())]
        if added:
            session.execute(delete(CustomerTag).where(CustomerTag.customer_id == line.record_id, among(CustomerTag.tag_id, added)))


def _tell(setting: Setting, one: Import, changed: dict[uuid.UUID, dict[str, Any]]) -> None:
    model = MODELS[one.kind]
    about: dict[uuid.UUID, tuple[uuid.UUID, str]] = {
        key: (customer, name)
        for key, customer, name in setting.session.execute(_with_customer(model).add_columns(model.name).where(among(model.id, list(changed))))
    }
    told = []
    for key, changes in changed.items():
        customer_id, name = about[key]
        ids: dict[str, uuid.UUID] = {} if one.kind == "customer" else {"subject_id": key}
        if one.kind == "opportunity":
            ids["opportunity_id"] = key
        data = {"name": name, "changes": changes, "undone": True}
        told.append({"id": new_id()} | setting.event(f"{one.kind}.edited", customer_id=customer_id, data=data, **ids))
    pour(setting.session, Event, told)


def _tell_why(lines: Lines, why: dict[uuid.UUID, str]) -> None:
    for line in lines:
        if line.record_id in why:
            line.state, line.data = "kept", {"why": why[line.record_id]}
