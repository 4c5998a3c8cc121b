"""Builders of customers for tests: as the domain makes them."""

import datetime as dt
import zoneinfo
from typing import Any

from sqlalchemy.orm import Session

from tenants.customers.customer import Customer
from tenants.customers.intake import add_contact, create_customer
from tenants.team.actor import Actor
from tenants.team.models import Member

NOON = dt.datetime(2026, 3, 2, 4, 0, tzinfo=dt.UTC)  # a Monday; noon in Shanghai
MIDNIGHT = dt.datetime(2026, 3, 2, tzinfo=zoneinfo.ZoneInfo("Asia/Shanghai"))  # the first moment of that Monday


def make_customer(
    session: Session, by: Actor, name: str = "Green Grain Ltd", *, contact: dict[str, Any] | None = None, at: dt.datetime = NOON, **values: Any
) -> Customer:
    """`contact`: fields of a first contact."""
    customer = create_customer(session, {"name": name} | values, by=by, at=at)
    if contact is not None:
        add_contact(session, customer, contact, by=by, at=at)
    session.flush()
    return customer


def member_of(session: Session, actor: Actor) -> Member:
    return session.get_one(Member, actor.id)
