"""Contacts: joined to their customers, found or new, written set-wise."""

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ARRAY, Text, Uuid, bindparam, cast, func, select, update
from sqlalchemy.dialects.postgresql import TSVECTOR

from tenants.customers.contact import FIELDS, FOUND_BY, Contact
from tenants.customers.customer import Customer
from tenants.imports import customers
from tenants.imports.belonging import find_customers
from tenants.imports.changing import change, contact_found_by, refresh_contacts, refresh_customers
from tenants.imports.meeting import Met, meet
from tenants.imports.rows import Row
from tenants.imports.setting import Setting, among, batches
from tenants.timeline.models import Event
from tenants.values.ids import new_id
from tenants.wall.pour import pour, vector

SURE = ("mobile", "phone", "mail", "wechat")  # by which, beside the name, one knows a contact again


def decide(setting: Setting, rows: list[Row]) -> None:
    good = [row for row in rows if row.errors is None]
    makes = setting.options.makes_customers and setting.actor.may("customer.create")
    for name, theirs in find_customers(setting, good, makes=makes).items():
        key = new_id()
        for row in theirs:
            row.values |= {"customer_id": key, "is_new_customer": row is theirs[0], "customer": name}
    good = [row for row in good if row.errors is None]
    known = _known(setting, good)
    for row in good:
        meet(setting, row, _marks(row.values["customer_id"], row.values), known)


def _known(setting: Setting, rows: Sequence[Row]) -> Met:
    """The contacts of these customers, by each thing that one knows them again by: their ids; rows of the file join them later."""
    found: Met = {}
    for part in batches(list({row.values["customer_id"] for row in rows})):
        query = select(Contact.id, Contact.customer_id, Contact.name, *(getattr(Contact, field) for field in SURE))
        for one in setting.session.execute(query.where(among(Contact.customer_id, part), Contact.deleted_at.is_(None)).order_by(Contact.id)):
            for mark in _marks(one.customer_id, one._mapping):
                found.setdefault(mark, one.id)
    return found


def _marks(customer_id: uuid.UUID, values: Any) -> list[tuple[Any, ...]]:
    """The same number or address at the same customer, or, where one of them has none, the same name."""
    sure = [(customer_id, field, values.get(field)) for field in SURE if values.get(field)]
    return [*sure, (customer_id, "name", values["name"].strip().lower())]


def write(setting: Setting, rows: list[Row]) -> None:
    _make_customers(setting, [row for row in rows if row.action == "create" and row.values.get("is_new_customer")])
    new = [row for row in rows if row.action == "create"]
    for part in batches(new):
        for row in part:
            row.target = new_id()
        pour(setting.session, Contact, (_contact(setting, row) for row in part))
        pour(setting.session, Event, ({"id": new_id()} | _event(setting, row) for row in part))
        setting.step(len(part))
    _change(setting, [row for row in rows if row.action == "update"], {row.number: row.target for row in rows})
    _make_findable(setting, [row for row in new if "made" not in (row.data or {})])


def _make_customers(setting: Setting, rows: Sequence[Row]) -> None:
    """Each with nothing but the name; the row that named it first remembers that it was made, so that it can be undone."""
    made = [Row(row.number, {"name": row.values["customer"], "number": None}, target=row.values["customer_id"]) for row in rows]
    for row, number in zip(made, setting.numbers(len(made)), strict=True):
        row.values["number"] = number
    for part in batches(made):
        customers.pour_new(setting, part, {})
    for row in rows:
        row.data = {"customer": str(row.values["customer_id"])}


def _contact(setting: Setting, row: Row) -> dict[str, Any]:
    facts = {field: row.values.get(field) for field in FIELDS}
    flags = {field: bool(facts[field]) for field in ("is_decision_maker", "birthday_is_lunar")}
    row.values["found_by"] = contact_found_by(facts)
    found_by: dict[str, Any] = row.values["found_by"]
    return {"id": row.target, "customer_id": row.values["customer_id"]} | facts | flags | found_by | setting.stamps


def _event(setting: Setting, row: Row) -> dict[str, Any]:
    return setting.event(
        "contact.created", customer_id=row.values["customer_id"], subject_id=row.target or uuid.UUID(int=0), data={"name": row.values["name"]}
    )


def _change(setting: Setting, rows: list[Row], targets: dict[int, uuid.UUID | None]) -> None:
    told: list[dict[str, Any]] = []
    for row in rows:
        row.target = row.target or targets[(row.data or {})["row"]]
    for part in batches(rows):
        changed = change(setting, Contact, FIELDS, part)
        found = [key for key, changes in changed.items() if changes.keys() & FOUND_BY]
        refresh_contacts(setting.session, found)
        of = {row.target: row for row in part}
        refresh_customers(setting.session, list({of[key].values["customer_id"] for key in found}))
        for key, changes in changed.items():
            about = {"customer_id": of[key].values["customer_id"], "subject_id": key}
            told.append(setting.event("contact.edited", data={"name": of[key].values["name"], "changes": changes}, **about))
        setting.step(len(part))
    pour(setting.session, Event, [{"id": new_id()} | event for event in told])


def _make_findable(setting: Setting, rows: Sequence[Row]) -> None:
    """Customers are found by their contacts as well: the new lexemes are added to theirs. Last of all, for it locks the customers."""
    words: dict[uuid.UUID, set[str]] = {}
    for row in rows:
        words.setdefault(row.values["customer_id"], set()).update(row.values["found_by"]["search"])
    for part in batches(sorted(words)):
        ids = bindparam(None, list(part), ARRAY(Uuid()))
        texts = bindparam(None, [vector(sorted(words[key])) for key in part], ARRAY(Text()))
        added = func.unnest(ids, texts).table_valued("id", "words").render_derived("a")
        change_ = update(Customer).where(Customer.id == added.c.id).values(search=Customer.search.op("||")(cast(added.c.words, TSVECTOR)))
        setting.session.execute(change_.execution_options(synchronize_session=False))
