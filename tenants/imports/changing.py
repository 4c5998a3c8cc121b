"""Filling the fields of customers, contacts and opportunities that were there: only filled cells count, old values are kept for undoing."""

import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ARRAY, Uuid, bindparam, func, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from tenants.customers import customer as customers
from tenants.customers.contact import Contact
from tenants.customers.customer import Customer
from tenants.customers.search import Lexemes
from tenants.customers.tag import CustomerTag
from tenants.imports.rows import Row
from tenants.imports.setting import Setting, among, batches
from tenants.timeline.changes import plain
from tenants.timeline.models import Event
from tenants.values import names
from tenants.values.ids import new_id
from tenants.wall.base import Base
from tenants.wall.pour import pour

Changes = dict[str, list[Any]]


def change_customers(setting: Setting, rows: Sequence[Row], tags: dict[str, uuid.UUID]) -> None:
    """Status goes its own way, the owner stays, tags are added. Their first contact is not touched."""
    columns = tuple(field for field in (*customers.FIELDS, "status"))
    told: list[dict[str, Any]] = []
    for part in batches(rows):
        for row in part:
            row.values["territory_id"] = row.values.get("territory")
        since = dict(setting.session.execute(select(Customer.id, Customer.status_since).where(among(Customer.id, _targets(part)))).all())
        changed = change(setting, Customer, columns, part)
        _keep_status_since(setting, changed)
        _add_tags(setting, part, tags)
        refresh_customers(setting.session, [key for key, changes in changed.items() if changes.keys() & customers.FOUND_BY])
        for key, changes in changed.items():
            facts = {field: pair for field, pair in changes.items() if field != "status"}
            if facts:
                told.append(setting.event("customer.edited", customer_id=key, data={"changes": facts}))
            if "status" in changes:
                days = (setting.at - since[key]).days
                told.append(setting.event("customer.status", customer_id=key, data={"status": changes["status"], "days": days}))
        setting.step(len(part))
    pour(setting.session, Event, [{"id": new_id()} | event for event in told])


def change(setting: Setting, model: Any, columns: Sequence[str], rows: Sequence[Row]) -> dict[uuid.UUID, Changes]:
    """Writes what differs; returns it by record, as JSON keeps it. Of several rows about one record the later wins, field by field."""
    session, table = setting.session, model.__table__
    query = select(model.id, *(getattr(model, column) for column in columns)).where(among(model.id, _targets(rows)), model.deleted_at.is_(None))
    before = {row.id: row._mapping for row in session.execute(query.order_by(model.id).with_for_update(key_share=True))}
    now = {key: {column: values[column] for column in columns} for key, values in before.items()}
    for row in rows:
        if row.target in now:
            row.data = (row.data or {}) | {"changes": _fill(now[row.target], row, columns)}
        else:
            row.action = "skip"  # it was deleted while we read
    changed = {
        key: {column: [plain(before[key][column]), plain(value)] for column, value in values.items() if value != before[key][column]}
        for key, values in now.items()
    }
    changed = {key: changes for key, changes in changed.items() if changes}
    put(session, table, [{"key": key} | now[key] for key in sorted(changed)], columns, setting.at)
    return changed


def put(session: Session, table: Any, records: Sequence[dict[str, Any]], columns: Sequence[str], at: Any) -> None:
    """Each record (with its id as "key") gets its values."""
    if records:
        values: dict[str, Any] = {column: bindparam(f"new_{column}", type_=table.c[column].type) for column in columns}
        change = update(table).where(table.c.id == bindparam("key")).values(**values, updated_at=at, version=table.c.version + 1)
        session.execute(change, [{"key": one["key"]} | {f"new_{column}": one[column] for column in columns} for one in records])


def _fill(now: dict[str, Any], row: Row, columns: Iterable[str]) -> Changes:
    changes: Changes = {}
    for column in columns:
        new = row.values.get(column)
        if new is not None and new != now[column]:
            changes[column] = [plain(now[column]), plain(new)]
            now[column] = new
    return changes


def _targets(rows: Iterable[Row]) -> list[uuid.UUID]:
    return [row.target for row in rows if row.target is not None]


def _keep_status_since(setting: Setting, changed: dict[uuid.UUID, Changes]) -> None:
    moved = [key for key, changes in changed.items() if "status" in changes]
    if moved:
        its = update(Customer).where(among(Customer.id, moved)).values(status_since=setting.at)
        setting.session.execute(its.execution_options(synchronize_session=False))


def tag_ids(setting: Setting, row: Row, tags: dict[str, uuid.UUID]) -> list[uuid.UUID]:
    return list(dict.fromkeys(tags[name] for name in (*setting.options.tags, *row.values.get("tags", ()))))


def _add_tags(setting: Setting, rows: Sequence[Row], tags: dict[str, uuid.UUID]) -> None:
    """Each row remembers those that its customer did not bear before."""
    first: dict[tuple[Any, uuid.UUID], Row] = {}
    for row in rows:
        if row.action == "update":
            for tag in tag_ids(setting, row, tags):
                first.setdefault((row.target, tag), row)
    for customer_id, tag_id in _tagged(setting.session, list(first)):
        row = first[customer_id, tag_id]
        told = row.data or {}
        row.data = told | {"tags": [*told.get("tags", ()), str(tag_id)]}


def _tagged(session: Session, pairs: Sequence[tuple[Any, uuid.UUID]]) -> Sequence[Any]:
    """The pairs of customer and tag that are new."""
    if not pairs:
        return ()
    ids = (bindparam(None, list(column), ARRAY(Uuid())) for column in zip(*pairs, strict=True))
    given = func.unnest(*ids).table_valued("customer_id", "tag_id").render_derived("g")
    bearing = upsert(CustomerTag).from_select(["customer_id", "tag_id"], select(given.c.customer_id, given.c.tag_id))
    return session.execute(bearing.on_conflict_do_nothing().returning(CustomerTag.customer_id, CustomerTag.tag_id)).all()


def refresh_customers(session: Session, ids: Sequence[uuid.UUID]) -> None:
    """What customers are found, sorted and compared by, reckoned anew with their contacts."""
    for part in batches(ids):
        words = func.unnest(func.tsvector_to_array(Contact.search))
        theirs = select(Contact.customer_id, words).where(among(Contact.customer_id, part), Contact.deleted_at.is_(None))
        of_contacts: dict[uuid.UUID, set[str]] = {}
        for key, word in session.execute(theirs):
            of_contacts.setdefault(key, set()).add(word)
        query = select(Customer.id, Customer.name, Customer.short_name, Customer.number, Customer.credit_code, Customer.phone, Customer.kind)
        found = session.execute(query.where(among(Customer.id, part)).order_by(Customer.id)).all()
        put_search(session, Customer, [{"key": one.id} | _found_by(one, of_contacts.get(one.id, ())) for one in found])


def refresh_contacts(session: Session, ids: Sequence[uuid.UUID]) -> None:
    for part in batches(ids):
        query = select(Contact.id, Contact.name, Contact.wechat, Contact.qq, Contact.mail, Contact.mobile, Contact.phone)
        found = session.execute(query.where(among(Contact.id, part)).order_by(Contact.id)).all()
        put_search(session, Contact, [{"key": one.id} | contact_found_by(one._mapping) for one in found])


def contact_found_by(contact: Any) -> dict[str, Any]:
    """As `Contact.refresh_search`."""
    words = [contact.get(field) for field in ("name", "wechat", "qq", "mail")]
    lexemes = names.search_lexemes(*words, phones=[contact.get("mobile"), contact.get("phone")])
    return {"name_key": names.pinyin(contact["name"], person=True)[:60], "search": lexemes}


def _found_by(one: Any, contacts: Iterable[str]) -> dict[str, Any]:
    """As `Customer.refresh_search`."""
    own = names.search_lexemes(one.name, one.short_name, one.number, one.credit_code, phones=[one.phone])
    key = names.pinyin(one.name, person=one.kind == "person")[:60]
    return {"name_key": key, "core_name": names.core_name(one.name), "search": sorted({*own, *contacts})}


def put_search(session: Session, model: type[Base], records: Sequence[dict[str, Any]]) -> None:
    if records:
        table: Any = model.__table__
        columns = [column for column in records[0] if column != "key"]
        types: dict[str, Any] = {"search": Lexemes()}
        values = {column: bindparam(f"new_{column}", type_=types.get(column, table.c[column].type)) for column in columns}
        change = update(table).where(table.c.id == bindparam("key")).values(**values)
        session.execute(change, [{"key": one["key"]} | {f"new_{column}": one[column] for column in columns} for one in records])
