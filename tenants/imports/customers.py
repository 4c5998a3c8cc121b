"""Customers: found or new, written set-wise, with their first contacts, tags and the events of each."""

import re
import uuid
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ARRAY, Uuid, bindparam, func, select, update

from tenants.customers import customer as customers
from tenants.customers.contact import Contact
from tenants.customers.customer import Customer
from tenants.customers.tag import CustomerTag
from tenants.customers.tagging import find_or_make
from tenants.imports.changing import change_customers, tag_ids
from tenants.imports.finding import Known, NotYours, NumberInBin, NumberTaken, NumberTwice, find, same_row, taken_numbers
from tenants.imports.rows import Row
from tenants.imports.setting import Setting, batches, keys
from tenants.imports.values import Wrong
from tenants.team.scope import visible
from tenants.timeline.models import Event
from tenants.values import names
from tenants.values.ids import new_id
from tenants.values.words import N_, Refusal
from tenants.wall.pour import pour

OURS = r"C\d+"  # numbers that the counter gives
FACTS = tuple(field for field in customers.FIELDS if field not in {"parent_id", "territory_id"})
CONTACT = ("name", "mobile", "post", "wechat", "mail")
MOST_TAGS = 300  # different ones in a file


class WhoseNumber(Refusal):
    sentence = N_("Whose number is it? Please give the contact a name.")


class MayNotGive(Refusal):
    sentence = N_("Your role does not let you give customers to others: leave this column out, or ask somebody who may.")


class NoParent(Wrong):
    sentence = N_("There is no customer called “%(value)s” that it could belong to.")


class TooManyTags(Refusal):
    sentence = N_("The file has more than %(most)s different tags. Is this the right column?")


def decide(setting: Setting, rows: list[Row]) -> None:
    """Sets what becomes of each row: its action, its target, or why it fails."""
    for row in rows:
        _check(setting, row)
    good = [row for row in rows if row.errors is None]
    found = find(setting, good)
    doubles = same_row(good)
    for row in good:
        _settle(setting, row, found.get(row.number), doubles.get(row.number))
    _check_numbers(setting, [row for row in good if row.action == "create"])
    _find_parents(setting, [row for row in good if row.action in ("create", "update")])


def _check(setting: Setting, row: Row) -> None:
    """What the form asks of a customer as a whole."""
    values = row.values
    owner = values.get("owner")
    if owner not in (None, setting.actor.id) and not setting.actor.may("customer.transfer"):
        row.fail("owner", MayNotGive())
    if not values.get("contact_name") and values.get("contact_mobile"):
        if values.get("phone"):
            row.fail("contact_name", WhoseNumber())
        else:
            values["phone"] = values.pop("contact_mobile")


def _settle(setting: Setting, row: Row, known: Known | None, earlier: Row | None) -> None:
    policy = setting.options.policy
    if known is None and earlier is None:
        return
    if policy == "create":
        if known is not None and known.reason == "number":
            row.fail("number", NumberTaken(row.values["number"]))
    elif known is not None:
        row.action, row.target = policy, known.id
        if policy == "update" and not known.is_editable:
            row.fail("name", NotYours(row.values["name"], owner=known.owner or "—"))
    elif earlier is not None and earlier.errors is None:
        row.action, row.target, row.data = policy, earlier.target, {"row": earlier.number}


def _check_numbers(setting: Setting, rows: list[Row]) -> None:
    """A number of one's own is kept if it is free; numbers like ours are given by our counter."""
    first: dict[str, int] = {}
    with_number = [row for row in rows if row.values.get("number")]
    taken = taken_numbers(setting.session, [row.values["number"] for row in with_number])
    for row in with_number:
        number = row.values["number"]
        if number in taken:
            row.fail("number", NumberInBin(number) if taken[number] else NumberTaken(number))
        elif number in first:
            row.fail("number", NumberTwice(number, row=first[number]))
        elif re.fullmatch(OURS, number):
            row.values["number"] = None
        first.setdefault(number, row.number)


def _find_parents(setting: Setting, rows: list[Row]) -> None:
    """By name, among those that the actor sees; else one of this file, joined when all are there."""
    for part in batches([row for row in rows if row.values.get("parent")]):
        wanted = keys([(row.number, names.core_name(row.values["parent"])) for row in part])
        query = (
            select(wanted.c.n, Customer.id, Customer.name)
            .select_from(Customer)
            .join(wanted, wanted.c.key == Customer.core_name)
            .where(Customer.deleted_at.is_(None), visible(Customer, setting.actor))
            .order_by(Customer.id)
        )
        told = {row.number: row.values["parent"] for row in part}
        found = {number: key for number, key, name in setting.session.execute(query) if name == told[number]}
        here = {row.values["name"] for row in rows}
        for row in part:
            if row.number in found:
                row.values["parent_id"] = found[row.number]
            elif told[row.number] not in here:
                row.fail("parent", NoParent(told[row.number]))


def write(setting: Setting, rows: list[Row]) -> None:
    """New ones first, then the changes of those that were there."""
    new = [row for row in rows if row.action == "create"]
    tags = _tags(setting, [row for row in rows if row.action in ("create", "update")])
    given = iter(setting.numbers(sum(not row.values.get("number") for row in new)))
    by_name: dict[str, uuid.UUID] = {}
    for part in batches(new):
        for row in part:
            row.target = new_id()
            row.values["number"] = row.values.get("number") or next(given)
            by_name.setdefault(row.values["name"], row.target)
        pour_new(setting, part, tags)
        setting.step(len(part))
    _join_parents(setting, new, by_name)
    changed = [row for row in rows if row.action == "update"]
    targets = {row.number: row.target for row in rows}
    for row in changed:
        row.target = row.target or targets[(row.data or {})["row"]]
    change_customers(setting, changed, tags)


def pour_new(setting: Setting, rows: Sequence[Row], tags: dict[str, uuid.UUID]) -> None:
    contacts = [_contact(setting, row) for row in rows if row.values.get("contact_name")]
    found_by: dict[uuid.UUID, list[str]] = {contact["customer_id"]: contact["search"] for contact in contacts}
    pour(setting.session, Customer, (_customer(setting, row, found_by.get(row.target, [])) for row in rows if row.target))
    pour(setting.session, Contact, contacts)
    pour(setting.session, CustomerTag, ({"customer_id": row.target, "tag_id": tag} for row in rows for tag in tag_ids(setting, row, tags)))
    pour(setting.session, Event, ({"id": new_id()} | event for row in rows for event in _events(setting, row)))


def _customer(setting: Setting, row: Row, contact: list[str]) -> dict[str, Any]:
    values = row.values
    person = values.get("kind") == "person"
    own = names.search_lexemes(values["name"], values.get("short_name"), values["number"], values.get("credit_code"), phones=[values.get("phone")])
    return {
        "id": row.target,
        "number": values["number"],
        **{field: values.get(field) for field in FACTS},
        "kind": values.get("kind") or "company",
        "status": values.get("status") or "target",
        "status_since": setting.at,
        "owner_id": values.get("owner") or setting.options.owner_id or setting.actor.id,
        "territory_id": values.get("territory"),
        "parent_id": values.get("parent_id"),
        "name_key": names.pinyin(values["name"], person=person)[:60],
        "core_name": values.get("core_name") or names.core_name(values["name"]),
        "search": [*own, *set(contact).difference(own)],
        **setting.stamps,
    }


def _contact(setting: Setting, row: Row) -> dict[str, Any]:
    """The first contact, as the form of a new customer takes it."""
    facts = {field: row.values.get(f"contact_{field}") for field in CONTACT}
    row.values["contact_id"] = new_id()
    return {
        "id": row.values["contact_id"],
        "customer_id": row.target,
        **facts,
        "name_key": names.pinyin(facts["name"] or "", person=True)[:60],
        "search": names.search_lexemes(facts["name"], facts["wechat"], None, facts["mail"], phones=[facts["mobile"], None]),
        **setting.stamps,
    }


def _events(setting: Setting, row: Row) -> Iterator[dict[str, Any]]:
    values = row.values
    yield setting.event("customer.created", customer_id=row.target, data={"name": values["name"], "number": values["number"]})
    if "contact_id" in values:
        told = {"name": values["contact_name"]}
        yield setting.event("contact.created", customer_id=row.target, subject_id=values["contact_id"], data=told)


def _tags(setting: Setting, rows: Sequence[Row]) -> dict[str, uuid.UUID]:
    """The tags of all rows by the names that the file gives them; made where the firm has none of that name."""
    wanted = dict.fromkeys([*setting.options.tags, *(tag for row in rows for tag in row.values.get("tags", ()))])
    if len(wanted) > MOST_TAGS:
        raise TooManyTags(most=MOST_TAGS)
    return {name: find_or_make(setting.session, name).id for name in wanted}


def _join_parents(setting: Setting, rows: Sequence[Row], by_name: dict[str, uuid.UUID]) -> None:
    """Customers whose parent stands in the same file."""
    pairs = [
        (row.target, by_name[row.values["parent"]])
        for row in rows
        if row.values.get("parent") in by_name and not row.values.get("parent_id") and by_name[row.values["parent"]] != row.target
    ]
    if not pairs:
        return
    children = bindparam(None, [child for child, _ in pairs], ARRAY(Uuid()))
    parents = bindparam(None, [parent for _, parent in pairs], ARRAY(Uuid()))
    joined = func.unnest(children, parents).table_valued("child", "parent").render_derived("j")
    change = update(Customer).where(Customer.id == joined.c.child).values(parent_id=joined.c.parent)
    setting.session.execute(change.execution_options(synchronize_session=False))
