"""The names behind ids that events keep: territories, colleagues, contacts, and customers as far as one sees them."""

import uuid
from collections.abc import Collection

from sqlalchemy import ARRAY, Uuid, bindparam, func, select, union_all
from sqlalchemy.orm import Session

from tenants.customers.contact import Contact
from tenants.customers.customer import Customer
from tenants.team.actor import Actor
from tenants.team.models import Member, Territory
from tenants.team.scope import visible, with_customer


def called(session: Session, actor: Actor, ids: Collection[uuid.UUID]) -> dict[str, str]:
    """By the id as JSON keeps it; what is gone or hidden is missing. No ids, no statement."""
    if not ids:
        return {}
    these = func.any(bindparam("ids", list(ids), ARRAY(Uuid())))
    parts = (
        select(Territory.id, Territory.name).where(Territory.id == these),
        select(Member.id, Member.name).where(Member.id == these),
        select(Customer.id, Customer.name).where(Customer.id == these, visible(Customer, actor)),
        select(Contact.id, Contact.name).where(Contact.id == these, with_customer(Contact.customer_id, actor)),
    )
    return {str(key): name for key, name in session.execute(union_all(*parts))}
