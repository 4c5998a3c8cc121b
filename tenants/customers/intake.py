"""New customers and contacts."""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy.orm import Session

from tenants.customers import contact as contacts
from tenants.customers import customer as customers
from tenants.customers.contact import Contact
from tenants.customers.customer import Customer
from tenants.customers.rules import InBin, NameMissing, tidy
from tenants.customers.search import lexemes_of_contacts
from tenants.customers.tag import CustomerTag
from tenants.notifications.assigned import assigned
from tenants.notifications.bells import REMINDERS
from tenants.team.actor import Actor
from tenants.timeline.log import record
from tenants.values.ids import new_id
from tenants.wall.bells import ring
from tenants.workspace.numbers import next_number

CUSTOMER_FIELDS = frozenset({*customers.FIELDS, "status", "owner_id"})


def create_customer(session: Session, values: Mapping[str, Any], *, by: Actor, at: dt.datetime, tags: Iterable[uuid.UUID] = ()) -> Customer:
    """`values`: fields of a customer, with "status" and "owner_id" (its maker unless said; None: nobody). The number is given here."""
    values = {"owner_id": by.id} | tidy(values)
    if strange := values.keys() - CUSTOMER_FIELDS:
        raise ValueError(f"not for a new customer: {sorted(strange)}")
    if not values.get("name"):
        raise NameMissing
    customer = Customer(
        id=new_id(), status_since=at, created_at=at, created_by_id=by.id, updated_at=at, number=next_number(session, "customer", prefix="C"), **values
    )
    customer.refresh_search()
    session.add(customer)
    session.flush()
    session.add_all(CustomerTag(customer_id=customer.id, tag_id=tag) for tag in tags)
    record(session, "customer.created", by=by, at=at, customer_id=customer.id, name=customer.name, number=customer.number)
    assigned(session, "customer", [customer.id], customer.owner_id, by=by, at=at)
    if customer.next_contact_at is not None:
        ring(session, REMINDERS, customer.next_contact_at)
    return customer


def add_contact(session: Session, customer: Customer, values: Mapping[str, Any], *, by: Actor, at: dt.datetime) -> Contact:
    """A new contact at a customer; from now on the customer is found by it."""
    if customer.is_in_bin:
        raise InBin
    values = tidy(values)
    if strange := values.keys() - set(contacts.FIELDS):
        raise ValueError(f"not for a contact: {sorted(strange)}")
    if not values.get("name"):
        raise NameMissing
    contact = Contact(id=new_id(), customer_id=customer.id, created_at=at, created_by_id=by.id, updated_at=at, **values)
    contact.refresh_search()
    session.add(contact)
    session.refresh(customer, ["number", "version"], with_for_update={"key_share": True})
    session.flush()
    customer.refresh_search(lexemes_of_contacts(session, customer.id))
    record(session, "contact.created", by=by, at=at, customer_id=customer.id, subject_id=contact.id, name=contact.name)
    return contact
