"""The list of contacts across all customers that a member sees."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from sqlalchemy import ARRAY, ColumnElement, Text, Uuid, bindparam, extract, false, func, literal_column, or_, select, tuple_
from sqlalchemy.orm import Session

from tenants.customers.contact import Contact
from tenants.customers.criteria import live
from tenants.customers.customer import Customer
from tenants.customers.search import matches
from tenants.team.actor import Actor
from tenants.values.calendars import next_birthday

MANY = 1_000  # from here on they are not counted further
Order = Literal["name", "-created"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """`has_left` False: those still in post."""

    q: str = ""
    decides: bool = False
    has_left: bool = False
    birthday_this_month: bool = False

    @property
    def narrows(self) -> bool:
        return bool(self.q or self.decides or self.has_left or self.birthday_this_month)


class ContactRow(NamedTuple):
    id: uuid.UUID
    name: str
    post: str | None
    department: str | None
    is_decision_maker: bool
    mobile: str | None
    phone: str | None
    wechat: str | None
    mail: str | None
    birthday: dt.date | None
    birthday_is_lunar: bool
    left_at: dt.date | None
    customer_id: uuid.UUID
    customer: str
    name_key: str


def contacts(
    session: Session,
    actor: Actor,
    wanted: Wanted,
    *,
    sort: Order = "name",
    edge: tuple[str, uuid.UUID] | None = None,
    backwards: bool = False,
    limit: int = 50,
    today: dt.date,
) -> list[ContactRow]:
    """One more than `limit` when there is one more, in the order shown. `edge`: name key and id of the row beside the page."""
    down = sort.startswith("-") != backwards
    keys: tuple[Any, ...] = (Contact.name_key, Contact.id) if sort == "name" else (Contact.id,)
    one = Contact
    query = select(
        one.id, one.name, one.post, one.department, one.is_decision_maker, one.mobile, one.phone, one.wechat, one.mail, one.birthday,
        one.birthday_is_lunar, one.left_at, one.customer_id, Customer.name, one.name_key,
    ).join(Customer, Customer.id == one.customer_id).where(*conditions(session, actor, wanted, today))  # fmt: skip
    if edge is not None:
        here = tuple_(*keys)
        there = tuple_(*[bindparam(None, edge[0], Text()), bindparam(None, edge[1], Uuid())][-len(keys) :])
        query = query.where(here < there if down else here > there)
    query = query.order_by(*(key.desc() if down else key for key in keys)).limit(limit + 1)
    found = [ContactRow._make(row) for row in session.execute(query)]
    return found[::-1] if backwards else found


def count_contacts(session: Session, actor: Actor, wanted: Wanted, *, today: dt.date) -> tuple[int, bool]:
    """How many, and whether that is all of them: counting ends at `MANY`."""
    fitting: Any = select(literal_column("1")).select_from(Contact).join(Customer, Customer.id == Contact.customer_id)
    fitting = fitting.where(*conditions(session, actor, wanted, today)).limit(MANY + 1)
    number = session.scalar(select(func.count()).select_from(fitting.subquery())) or 0
    return min(number, MANY), number <= MANY


def conditions(session: Session, actor: Actor, wanted: Wanted, today: dt.date) -> list[ColumnElement[bool]]:
    if not actor.may("contact.read"):
        return [false()]
    where: list[ColumnElement[bool]] = [
        Contact.deleted_at.is_(None),
        live(actor),
        Contact.left_at.is_not(None) if wanted.has_left else Contact.left_at.is_(None),
    ]
    if wanted.q:
        found = matches(Contact.search, wanted.q)
        where.append(false() if found is None else found)
    if wanted.decides:
        where.append(Contact.is_decision_maker.is_(True))
    if wanted.birthday_this_month:
        solar = (Contact.birthday_is_lunar.is_(False)) & (extract("month", Contact.birthday) == today.month)
        where.append(or_(solar, Contact.id == func.any(bindparam(None, _lunar_this_month(session, today), ARRAY(Uuid())))))
    return where


def _lunar_this_month(session: Session, today: dt.date) -> Sequence[uuid.UUID]:
    """The Chinese calendar moves through ours: its birthdays are worked out one by one."""
    first = today.replace(day=1)
    lunar = select(Contact.id, Contact.birthday).where(Contact.birthday_is_lunar, Contact.birthday.is_not(None), Contact.deleted_at.is_(None))
    kept = ((key, next_birthday(born, first, lunar=True)) for key, born in session.execute(lunar) if born is not None)
    return [key for key, day in kept if (day.year, day.month) == (today.year, today.month)]
