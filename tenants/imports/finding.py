"""Which rows of a table of customers are customers that the firm has already, or repeat another row. Set-wise, by indexed columns."""

import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import case, cast, exists, or_, select
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.orm import Session

from tenants.customers.contact import Contact
from tenants.customers.customer import Customer
from tenants.customers.duplicates import SHORTEST_NAME, SHORTEST_PHONE
from tenants.imports.rows import Row
from tenants.imports.setting import Setting, batches, keys
from tenants.imports.values import Wrong
from tenants.team.models import Member
from tenants.team.scope import editable
from tenants.values import names, phones
from tenants.values.words import N_

REASONS = ("number", "credit_code", "name", "phone")  # the surest first


class NumberTaken(Wrong):
    sentence = N_("There is a customer with the number “%(value)s” already.")


class NumberInBin(Wrong):
    sentence = N_("The customer with the number “%(value)s” lies in the bin.")


class NumberTwice(Wrong):
    sentence = N_("The number “%(value)s” stands in row %(row)s already.")


class NotYours(Wrong):
    sentence = N_("“%(value)s” is looked after by %(owner)s: you may not change it.")


@dataclass(frozen=True, slots=True)
class Known:
    """A customer that a row may be. `reason`: one of `REASONS`."""

    id: uuid.UUID
    name: str
    credit_code: str | None
    owner: str | None
    is_editable: bool
    reason: str


def find(setting: Setting, rows: Sequence[Row]) -> dict[int, Known]:
    """By the number of the row."""
    found: dict[int, Known] = {}
    for reason in REASONS:
        for part in batches(rows):
            pairs = [(row.number, key) for row in part if row.number not in found for key in KEYS[reason](row)]
            if not pairs:
                continue
            codes = {row.number: row.values.get("credit_code") for row in part}
            for number, known in _ask(setting, reason, pairs):
                if number not in found and not _are_others(codes[number], known.credit_code, reason):
                    found[number] = known
    return found


def taken_numbers(session: Session, numbers: Sequence[str]) -> dict[str, bool]:
    """Those that customers bear, and whether such a one lies in the bin."""
    found: dict[str, bool] = {}
    for part in batches(sorted(set(numbers))):
        pairs = keys([(0, number) for number in part])
        query = select(Customer.number, Customer.deleted_at.is_not(None)).select_from(Customer).join(pairs, pairs.c.key == Customer.number)
        found |= dict(session.execute(query).all())
    return found


def same_row(rows: Iterable[Row]) -> dict[int, Row]:
    """By the number of a row the first one that is the same customer, by whatever key."""
    first: dict[tuple[str, str], Row] = {}
    same: dict[int, Row] = {}
    for row in rows:
        known = [first[reason, key] for reason in REASONS for key in KEYS[reason](row) if (reason, key) in first]
        others = (one for one in known if not _are_others(row.values.get("credit_code"), one.values.get("credit_code"), "name"))
        if (earlier := next(others, None)) is not None:
            same[row.number] = earlier
        for reason in REASONS:
            for key in KEYS[reason](row):
                first.setdefault((reason, key), row)
    return same


def _are_others(one: str | None, other: str | None, reason: str) -> bool:
    """Two that bear different credit codes are two, whatever else they share."""
    return reason in ("name", "phone") and bool(one and other) and one != other


def _of(field: str) -> Callable[[Row], list[str]]:
    return lambda row: [row.values[field]] if row.values.get(field) else []


def _core(row: Row) -> list[str]:
    if "core_name" not in row.values:
        row.values["core_name"] = names.core_name(row.values["name"])
    core = row.values["core_name"]
    return [core] if len(core) >= SHORTEST_NAME else []


def _phones(row: Row) -> list[str]:
    if "phones" not in row.values:
        told = dict.fromkeys((row.values.get("phone"), row.values.get("contact_mobile")))
        row.values["phones"] = [phone for phone in told if phone and len(phones.search_key(phone)) >= SHORTEST_PHONE]
    known: list[str] = row.values["phones"]
    return known


KEYS: dict[str, Callable[[Row], list[str]]] = {"number": _of("number"), "credit_code": _of("credit_code"), "name": _core, "phone": _phones}


def _ask(setting: Setting, reason: str, pairs: list[tuple[int, str]]) -> list[tuple[int, Known]]:
    """Of several customers that fit, one that the actor may change comes first, then the oldest."""
    wanted = keys(pairs, [f"'{phones.search_key(key)}'" for _, key in pairs] if reason == "phone" else None)
    may = editable(Customer, setting.actor)
    query = (
        select(wanted.c.n, Customer.id, Customer.name, Customer.credit_code, Member.name, may.label("may"))
        .select_from(Customer)
        .join(wanted, _meets(reason, wanted))
        .outerjoin(Member, Member.id == Customer.owner_id)
        .where(Customer.deleted_at.is_(None))
        .order_by(wanted.c.n, case((may, 0), else_=1), Customer.id)
    )
    return [(number, Known(key, name, code, owner, bool(may), reason)) for number, key, name, code, owner, may in setting.session.execute(query)]


def _meets(reason: str, wanted: Any) -> Any:
    if reason == "phone":
        return _bears(wanted)
    columns = {"number": Customer.number, "credit_code": Customer.credit_code, "name": Customer.core_name}
    return columns[reason] == wanted.c.key


def _bears(wanted: Any) -> Any:
    """The index of words finds who might bear the number, among them who bears a longer one that ends so."""
    theirs = exists().where(
        Contact.customer_id == Customer.id, Contact.deleted_at.is_(None), or_(Contact.mobile == wanted.c.key, Contact.phone == wanted.c.key)
    )
    return Customer.search.bool_op("@@")(cast(wanted.c.word, TSQUERY)) & or_(Customer.phone == wanted.c.key, theirs)
