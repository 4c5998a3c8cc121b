"""What was deleted and can still come back."""

import datetime as dt
import uuid
from typing import NamedTuple

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session, aliased

from tenants.customers.customer import Customer
from tenants.customers.rules import BIN_DAYS
from tenants.team.actor import Actor
from tenants.team.models import Member
from tenants.team.scope import editable


class BinRow(NamedTuple):
    id: uuid.UUID
    name: str
    number: str
    region: str | None
    deleted_at: dt.datetime
    deleted_by: str | None
    owner: str | None


def binned(session: Session, actor: Actor, *, now: dt.datetime, before: tuple[dt.datetime, uuid.UUID] | None = None, limit: int = 50) -> list[BinRow]:
    """The latest first; one more than `limit` when there is one more. `before`: when, and which, the last one shown was deleted."""
    owner, deleter = aliased(Member), aliased(Member)
    query = (
        select(Customer.id, Customer.name, Customer.number, Customer.region, Customer.deleted_at, deleter.name, owner.name)
        .outerjoin(owner, owner.id == Customer.owner_id)
        .outerjoin(deleter, deleter.id == Customer.deleted_by_id)
        .where(Customer.deleted_at > now - dt.timedelta(days=BIN_DAYS), editable(Customer, actor))
        .order_by(Customer.deleted_at.desc(), Customer.id.desc())
        .limit(limit + 1)
    )
    if before is not None:
        query = query.where(tuple_(Customer.deleted_at, Customer.id) < before)
    return [BinRow._make(row) for row in session.execute(query)]
