"""The facts of a customer that are edited in place, one at a time: what each is called, how it is shown, what it may hold."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from sqlalchemy import select

from tenants.customers.customer import Customer
from tenants.customers.options import KINDS, SIZES, SOURCES
from tenants.customers.page import Portrait
from tenants.customers.rules import LENGTHS, is_credit_code, is_phone, is_web_address
from tenants.team.models import Territory
from tenants.values import phones
from tenants.wall.base import Base
from web.visit import here


class NotAFact(ValueError):
    """What was typed cannot be kept; says why."""


@dataclass(frozen=True, slots=True)
class Fact:
    """`kind`: text, long, phone, website, code, choice (of `options`), territory."""

    name: str
    label: LazyString
    kind: str = "text"
    options: Mapping[str, str] | None = None

    @property
    def longest(self) -> int | None:
        return LENGTHS.get(self.name)


FACTS: dict[str, Fact] = {
    fact.name: fact
    for fact in (
        Fact("name", _l("Name")),
        Fact("short_name", _l("Short name")),
        Fact("kind", _l("Kind"), "choice", KINDS),
        Fact("industry", _l("Industry")),
        Fact("business", _l("What they make or do"), "long"),
        Fact("size", _l("Size"), "choice", SIZES),
        Fact("standing", _l("Standing in their trade")),
        Fact("region", _l("Region")),
        Fact("address", _l("Address")),
        Fact("credit_code", _l("Credit code"), "code"),
        Fact("rivals", _l("Rivals")),
        Fact("phone", _l("Phone"), "phone"),
        Fact("website", _l("Website"), "website"),
        Fact("invoice_title", _l("Invoice title")),
        Fact("source", _l("Source"), "choice", SOURCES),
        Fact("territory_id", _l("Territory"), "territory"),
        Fact("remark", _l("Remark"), "long"),
    )
}
FIRST = ("industry", "business", "size", "standing", "credit_code", "region", "rivals", "phone", "source")
GROUPS: tuple[tuple[LazyString, tuple[str, ...]], ...] = (
    (_l("Who they are"), ("name", "short_name", "kind", "industry", "business", "size", "standing", "rivals", "source")),
    (_l("Where to find them"), ("region", "address", "territory_id", "phone", "website")),
    (_l("For documents"), ("credit_code", "invoice_title", "remark")),
)


def shown(customer: Portrait | Base, name: str) -> str | None:
    """The value as people read it."""
    fact = FACTS[name]
    if fact.kind == "territory":
        return _territory_name(customer)
    value = getattr(customer, name)
    if value is None:
        return None
    if fact.options is not None:
        return str(gettext(fact.options.get(value, value)))
    return phones.pretty(value) if fact.kind == "phone" else str(value)


def choices(fact: Fact) -> list[tuple[str, str]]:
    """What its select offers; a kind always is one or the other."""
    if fact.kind == "territory":
        rows = here().session.execute(select(Territory.id, Territory.name).order_by(Territory.position, Territory.name))
        return [("", "—"), *((str(key), name) for key, name in rows)]
    offered = [(code, gettext(label)) for code, label in (fact.options or {}).items()]
    return offered if fact.name == "kind" else [("", "—"), *offered]


def read(fact: Fact, text: str) -> str | uuid.UUID | None:
    """The value in what was typed. Raises `NotAFact`."""
    text = text.strip()
    if not text:
        if fact.name in {"name", "kind"}:
            raise NotAFact(gettext("Please fill this in."))
        return None
    if fact.longest and len(text) > fact.longest:
        raise NotAFact(gettext("At most %(num)s characters.", num=fact.longest))
    if fact.kind in {"choice", "territory"}:
        if text not in dict(choices(fact)):
            raise NotAFact(gettext("This is not one of the choices."))
        return uuid.UUID(text) if fact.kind == "territory" else text
    if fact.kind == "phone" and not is_phone(text):
        raise NotAFact(gettext("This is not a phone number."))
    if fact.kind == "code" and not is_credit_code(text.upper().replace(" ", "")):
        raise NotAFact(gettext("A credit code has 18 characters; please check each of them."))
    if fact.kind == "website" and not is_web_address(text):
        raise NotAFact(gettext("This is not the address of a website."))
    return text


def _territory_name(customer: Portrait | Base) -> str | None:
    if isinstance(customer, Portrait):
        return customer.territory_name
    key = customer.territory_id if isinstance(customer, Customer) else None
    return here().session.scalar(select(Territory.name).where(Territory.id == key)) if key else None
