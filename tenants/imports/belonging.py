"""Whose each row is: the customer that a contact, follow-up or opportunity names, by number or by name. Set-wise."""

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from tenants.customers.contact import Contact
from tenants.customers.customer import Customer
from tenants.imports.rows import Row
from tenants.imports.setting import Setting, among, batches, keys
from tenants.imports.values import Wrong
from tenants.team.scope import editable
from tenants.values import names
from tenants.values.words import N_

Known = dict[str, list[tuple[uuid.UUID, str]]]


class NoCustomer(Wrong):
    sentence = N_("There is no customer “%(value)s” that you may change.")


class SeveralCustomers(Wrong):
    sentence = N_("Several customers are called “%(value)s”. Give the customer number as well.")


def find_customers(setting: Setting, rows: Sequence[Row], *, makes: bool = False) -> dict[str, list[Row]]:
    """Sets `customer_id` in the values of each row, or fails it. With `makes` unknown names do not fail: they are returned with their rows."""
    unknown: dict[str, list[Row]] = {}
    for part in batches(rows):
        by_number = _by_number(setting, [row for row in part if row.values.get("customer_number")])
        by_core = _by_core(setting, [row for row in part if row.values.get("customer")])
        for row in part:
            key = _of(row, by_number, by_core)
            if key is not None:
                row.values["customer_id"] = key
            elif row.errors is None and makes and row.values.get("customer"):
                unknown.setdefault(row.values["customer"], []).append(row)
            elif row.errors is None:
                row.fail("customer", NoCustomer(row.values.get("customer") or row.values.get("customer_number") or ""))
    return unknown


def find_contacts(setting: Setting, rows: Sequence[Row]) -> None:
    """Sets `contact_id` where the customer has a contact of that name; the others keep the name alone."""
    for part in batches([row for row in rows if row.values.get("contact") and row.values.get("customer_id")]):
        query = select(Contact.id, Contact.customer_id, Contact.name).where(
            among(Contact.customer_id, [row.values["customer_id"] for row in part]), Contact.deleted_at.is_(None)
        )
        known = {(customer, name.strip().lower()): key for key, customer, name in setting.session.execute(query.order_by(Contact.id.desc()))}
        for row in part:
            row.values["contact_id"] = known.get((row.values["customer_id"], row.values["contact"].strip().lower()))


def _by_number(setting: Setting, rows: Sequence[Row]) -> dict[str, uuid.UUID]:
    if not rows:
        return {}
    wanted = keys([(row.number, row.values["customer_number"]) for row in rows])
    query = select(Customer.number, Customer.id).select_from(Customer).join(wanted, wanted.c.key == Customer.number)
    return dict(setting.session.execute(query.where(Customer.deleted_at.is_(None), editable(Customer, setting.actor))).all())


def _by_core(setting: Setting, rows: Sequence[Row]) -> Known:
    """Customers by the core of their names: an index knows it, and it bears 有限公司 that one has written and another has not."""
    if not rows:
        return {}
    cores = sorted({names.core_name(row.values["customer"]) for row in rows})
    wanted = keys([(0, core) for core in cores])
    query = (
        select(Customer.core_name, Customer.id, Customer.name)
        .select_from(Customer)
        .join(wanted, wanted.c.key == Customer.core_name)
        .where(Customer.deleted_at.is_(None), editable(Customer, setting.actor))
        .order_by(Customer.id)
    )
    found: Known = {}
    for core, key, name in setting.session.execute(query):
        found.setdefault(core, []).append((key, name))
    return found


def _of(row: Row, by_number: dict[str, uuid.UUID], by_core: Known) -> uuid.UUID | None:
    """The number decides; else the very name, if one bears it; else the core of the name, if one bears that."""
    number = row.values.get("customer_number")
    if number and number in by_number:
        return by_number[number]
    name: Any = row.values.get("customer")
    if not name:
        return None
    alike = by_core.get(names.core_name(name), [])
    same = [key for key, called in alike if names.fold(called) == names.fold(name)] or [key for key, _ in alike]
    if len(same) > 1:
        row.fail("customer", SeveralCustomers(name))
        return None
    return same[0] if same else None
