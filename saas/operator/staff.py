"""Who is of our staff, and the log of what they do."""

import datetime as dt
import uuid
from typing import Any, NamedTuple

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from saas.identity.models import Person
from saas.operator.models import Operator, OperatorDeed, SupportVisit
from saas.operator.roles import ROLES
from saas.registry.models import Tenant
from tenants.values.ids import new_id
from tenants.values.words import N_, Refusal

# What Zuke itself writes down, and nobody did: rent that was not as Stripe says, and a subscription of no company's.
DIFFERED, STRAY = "rent.differed", "rent.stray"
ITSELF = frozenset({DIFFERED, STRAY})
ONCE = "once"  # in a deed's data: the form that it was sent by


class NobodyHere(Refusal):
    sentence = N_("Nobody has signed up with %(mail)s.")


class NoSuchRole(Refusal):
    sentence = N_("There is no role “%(role)s”.")


def role_of(session: Session, person_id: uuid.UUID) -> str | None:
    """None for everybody who is not of our staff."""
    return session.scalar(select(Operator.role).where(Operator.person_id == person_id))


def add(session: Session, mail: str, role: str, *, by: uuid.UUID | None, at: dt.datetime) -> Operator:
    """Adds a person, or gives them another role. Raises `NobodyHere`, `NoSuchRole`."""
    if role not in ROLES:
        raise NoSuchRole(role=role)
    person = _person(session, mail)
    operator = session.get(Operator, person.id) or Operator(person_id=person.id, added_at=at, added_by_id=by)
    operator.role = role
    session.add(operator)
    write_down(session, "operator.added", by=by, at=at, why="", mail=person.mail, role=role)
    return operator


def remove(session: Session, mail: str, *, by: uuid.UUID | None, at: dt.datetime) -> bool:
    """False when they were not of our staff. The visits that they make end. Raises `NobodyHere`."""
    person = _person(session, mail)
    operator = session.get(Operator, person.id)
    if operator is None:
        return False
    session.delete(operator)
    running = (SupportVisit.person_id == person.id, SupportVisit.ended_at.is_(None), SupportVisit.ends_at > at)
    session.execute(update(SupportVisit).where(*running).values(ended_at=at, ending="staff"), execution_options={"synchronize_session": False})
    write_down(session, "operator.removed", by=by, at=at, why="", mail=person.mail)
    return True


def write_down(
    session: Session, what: str, *, by: uuid.UUID | None, at: dt.datetime, why: str, tenant_id: uuid.UUID | None = None, **data: Any
) -> None:
    """Into the audit. `data` must be JSON."""
    session.add(OperatorDeed(id=new_id(), at=at, person_id=by, what=what, tenant_id=tenant_id, why=why, data=data))
    session.flush()


def is_told(session: Session, what: str, **data: str) -> bool:
    """Whether the audit says so already."""
    known = select(OperatorDeed.id).where(OperatorDeed.what == what, OperatorDeed.data.contains(data))
    return session.scalar(known.limit(1)) is not None


def deed_of(session: Session, tenant_id: uuid.UUID, once: str) -> OperatorDeed | None:
    """What stands in the audit of this form already. The caller holds the tenant's row, so that the second click waits for the first."""
    known = select(OperatorDeed).where(OperatorDeed.tenant_id == tenant_id, OperatorDeed.data[ONCE].astext == once)
    return session.scalar(known.limit(1)) if once else None


class Deed(NamedTuple):
    id: uuid.UUID
    at: dt.datetime
    who: str | None
    what: str
    tenant: str | None
    why: str
    data: dict[str, Any]


def deeds(session: Session, *, before: uuid.UUID | None = None, tenant_id: uuid.UUID | None = None, limit: int = 50) -> list[Deed]:
    """The latest first, one more than `limit` when there are more."""
    query = (
        select(OperatorDeed.id, OperatorDeed.at, Person.mail, OperatorDeed.what, Tenant.slug, OperatorDeed.why, OperatorDeed.data)
        .outerjoin(Person, Person.id == OperatorDeed.person_id)
        .outerjoin(Tenant, Tenant.id == OperatorDeed.tenant_id)
        .order_by(OperatorDeed.id.desc())
        .limit(limit + 1)
    )
    if tenant_id is not None:
        query = query.where(OperatorDeed.tenant_id == tenant_id)
    if before is not None:
        query = query.where(OperatorDeed.id < before)
    found = [Deed._make(row) for row in session.execute(query)]
    return [one._replace(data={key: value for key, value in one.data.items() if key != ONCE}) for one in found]


def _person(session: Session, mail: str) -> Person:
    person = session.scalar(select(Person).where(Person.mail == mail.strip().lower()))
    if person is None:
        raise NobodyHere(mail=mail)
    return person
