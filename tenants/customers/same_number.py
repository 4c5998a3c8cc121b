"""Contacts that bear the same telephone number: a person who moved on, or who is in the firm already."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Text, bindparam, cast, or_, select
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.orm import Session

from tenants.customers.contact import Contact
from tenants.customers.customer import Customer
from tenants.team.actor import Actor
from tenants.team.models import Member
from tenants.team.scope import visible
from tenants.values import phones

SHORTEST = 7  # digits
SHOWN = 5


@dataclass(frozen=True, slots=True)
class SameNumber:
    """For who may not see the customer, only that there is one, and whose."""

    contact_id: uuid.UUID
    name: str | None
    customer_name: str | None
    owner: str | None

    @property
    def is_visible(self) -> bool:
        return self.name is not None


def same_number(session: Session, actor: Actor, numbers: Iterable[str | None], *, but: uuid.UUID | None = None) -> list[SameNumber]:
    """`but`: the contact that asks about itself."""
    keys = {key for number in numbers if number and len(key := phones.search_key(phones.normalise(number))) >= SHORTEST}
    if not keys:
        return []
    bears = or_(*(Contact.search.bool_op("@@")(cast(bindparam(None, f"'{key}'", Text()), TSQUERY)) for key in sorted(keys)))
    query = (
        select(Contact.id, Contact.name, Customer.name, Member.name, visible(Customer, actor))
        .join(Customer, Customer.id == Contact.customer_id)
        .outerjoin(Member, Member.id == Customer.owner_id)
        .where(bears, Contact.deleted_at.is_(None), Customer.deleted_at.is_(None), Contact.id.is_distinct_from(but))
        .order_by(Contact.id)
        .limit(SHOWN)
    )
    rows = session.execute(query)
    return [SameNumber(key, name if seen else None, customer if seen else None, owner) for key, name, customer, owner, seen in rows]
