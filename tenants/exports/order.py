"""What somebody asks to be exported, as it stands in the job's parameters; and whether they may."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any, Literal, get_args

from pydantic import TypeAdapter
from sqlalchemy.orm import Session

from tenants.customers.criteria import Criteria
from tenants.customers.people import Wanted as WantedContacts
from tenants.exports.columns import Format
from tenants.exports.offered import OFFERED
from tenants.jobs.asking import ask, open_of
from tenants.jobs.models import Job
from tenants.pipeline.wanted import Wanted as WantedOpportunities
from tenants.team.actor import Actor, find_actor
from tenants.team.models import Member
from tenants.values.words import N_, Refusal

KIND = "export"
KEEP = dt.timedelta(days=7)  # a finished file
MOST_OPEN = 10  # exports of one member that wait or are being written
Subject = Literal["customers", "contacts", "followups", "opportunities"]
SUBJECTS: tuple[Subject, ...] = get_args(Subject)
NAMES: dict[str, str] = {
    "customers": N_("Customers"),
    "contacts": N_("Contacts"),
    "followups": N_("Follow-ups"),
    "opportunities": N_("Opportunities"),
}
# What one must be allowed to. Contacts and follow-ups go with their customer.
NEEDS: dict[str, tuple[str, ...]] = {
    "customers": ("customer.read", "customer.export"),
    "contacts": ("customer.read", "customer.export", "contact.read"),
    "followups": ("customer.read", "customer.export", "followup.read"),
    "opportunities": ("opportunity.read", "opportunity.export"),
}


class NotAllowed(Refusal):
    sentence = N_("Whoever asked for this export may no longer export these records.")


class TooManyAsked(Refusal):
    sentence = N_("You have asked for %(most)s exports that are not ready yet. Wait for one of them, or cancel it.")


class AskerLeft(Refusal):
    sentence = N_("Whoever asked for this export no longer works here.")


@dataclass(frozen=True, slots=True)
class Order:
    """`wanted`: what the list shows; follow-ups are those of the customers that fit. `told`: that in words. `today` and `locale` are the asker's."""

    of: Subject
    form: Format
    columns: tuple[str, ...]
    sort: str
    wanted: Criteria | WantedContacts | WantedOpportunities
    today: dt.date
    locale: str
    told: str = ""

    def params(self) -> dict[str, Any]:
        params: dict[str, Any] = _ORDER.dump_python(self, mode="json")
        return params


_ORDER = TypeAdapter(Order)
_WANTED: dict[str, TypeAdapter[Any]] = {
    "customers": TypeAdapter(Criteria),
    "contacts": TypeAdapter(WantedContacts),
    "followups": TypeAdapter(Criteria),
    "opportunities": TypeAdapter(WantedOpportunities),
}


def read_order(params: dict[str, Any]) -> Order:
    """From the job's parameters. The subject says what kind of list it was."""
    wanted = _WANTED[params["of"]].validate_python(params["wanted"])
    return Order(
        of=params["of"],
        form=params["form"],
        columns=tuple(key for key in params["columns"] if key in OFFERED[params["of"]]),
        sort=params["sort"],
        wanted=wanted,
        today=dt.date.fromisoformat(params["today"]),
        locale=params["locale"],
        told=params.get("told", ""),
    )


def may_export(actor: Actor, of: str) -> bool:
    return all(actor.may(permission) for permission in NEEDS[of])


def ask_for(session: Session, order: Order, *, by: Actor, at: dt.datetime) -> Job:
    """Raises `NotAllowed`, `TooManyAsked`."""
    if not may_export(by, order.of):
        raise NotAllowed
    if open_of(session, KIND, by.id) >= MOST_OPEN:
        raise TooManyAsked(most=MOST_OPEN)
    return ask(session, KIND, order.params(), member_id=by.id, at=at)


def asker(session: Session, member_id: uuid.UUID | None, of: str) -> Actor:
    """Who asked, as they are now: what they see and may do is what counts when the file is written. Raises `AskerLeft`, `NotAllowed`."""
    member = session.get(Member, member_id) if member_id else None
    actor = find_actor(session, member.person_id) if member and member.person_id else None
    if actor is None:
        raise AskerLeft
    if not may_export(actor, of):
        raise NotAllowed
    return actor
