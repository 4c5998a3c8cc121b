"""Mails about the rent: to whoever sees to the subscription of a company, as it stands when the mail leaves."""

import datetime as dt
import hashlib
import uuid
from typing import Any

from sqlalchemy import select

from saas.billing import doubles
from saas.identity.models import Membership, Person
from saas.identity.sessions import value_of
from saas.registry.models import Tenant as TenantRow
from tenants.team.actor import find_actor
from tenants.wall.session import inside
from tenants.wall.tenant import Tenant
from web.mail import Letter, write
from web.subscription.letters import letter, twice
from workers.effects import Errand
from workers.letters import speaking
from workers.refusals import Needless


def send(errand: Errand) -> None:
    """`payload`: tenant, state, and what the letter says beside it. What no longer holds is not sent."""
    payload, house = errand.promised.payload, errand.ring.house
    row = errand.session.get(TenantRow, uuid.UUID(payload["tenant"]), populate_existing=True)
    if row is None or payload["state"] not in (row.state, doubles.WHY):
        raise Needless("the company stands elsewhere now")
    tenant, readers = value_of(row), _readers(errand, row)
    if not readers:
        raise Needless("nobody is there to read it")
    for person in readers:
        with speaking(house.settings, person.locale or tenant.locale):
            told = _letter(tenant, payload, is_ours=row.closed_at is not None)
            errand.post.deliver(_key(errand.promised.id, person.id), write(person.mail, told))


def _letter(tenant: Tenant, payload: dict[str, Any], *, is_ours: bool) -> Letter:
    if payload["state"] == doubles.WHY:
        return twice(tenant, payload)
    return letter(tenant, payload["state"], dt.datetime.fromisoformat(payload["until"]), is_ours=is_ours)


def _readers(errand: Errand, row: TenantRow) -> list[Person]:
    """Members whose role lets them see to the subscription and whose address is known to be theirs.

    If nobody's is, those who gave one: no company is closed or erased without a word.
    """
    belongs = (Membership.tenant_id == row.id, Membership.ended_at.is_(None))
    people = errand.session.scalars(select(Person).join(Membership).where(*belongs).order_by(Person.id)).all()
    with inside(value_of(row), errand.ring.house.cells[row.cell]) as session:
        actors = {person.id: find_actor(session, person.id) for person in people}
    found = [person for person in people if (actor := actors[person.id]) is not None and actor.may("settings.subscription")]
    return [person for person in found if person.mail_confirmed_at is not None] or found


def _key(promise: uuid.UUID, person: uuid.UUID) -> uuid.UUID:
    """Each reader's mail is one, however often it is sent."""
    return uuid.UUID(hashlib.sha256(f"{promise}{person}".encode()).hexdigest()[:32])
