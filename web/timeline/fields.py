"""What the fields of records are called, and how their values are read, where a change is told."""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from tenants.customers.options import GRADES, KINDS, SEXES, SIZES, SOURCES, STATUSES
from tenants.followups.options import MEANS
from tenants.values import phones
from web.ui.days import NOTHING, exact
from web.ui.money import money
from web.ui.say import gettext

CLIP = 80  # characters of a value that a change shows

LABELS: dict[str, LazyString] = {
    "name": _l("Name"), "number": _l("Number"), "short_name": _l("Short name"), "kind": _l("Kind"), "industry": _l("Industry"),
    "business": _l("What they make or do"), "size": _l("Size"), "standing": _l("Standing in their trade"), "region": _l("Region"),
    "address": _l("Address"), "credit_code": _l("Credit code"), "rivals": _l("Rivals"), "phone": _l("Phone"), "website": _l("Website"),
    "invoice_title": _l("Invoice title"), "source": _l("Source"), "remark": _l("Remark"), "parent_id": _l("Parent customer"), "grade": _l("Grade"),
    "territory_id": _l("Territory"), "next_contact_at": _l("Next contact"), "status": _l("Status"), "owner_id": _l("Owner"),
    "sex": _l("Sex"), "department": _l("Department"), "post": _l("Post"), "is_decision_maker": _l("Decision-maker"), "mobile": _l("Mobile"),
    "wechat": _l("WeChat"), "qq": _l("QQ"), "mail": _l("Email"), "birthday": _l("Birthday"), "birthday_is_lunar": _l("Lunar birthday"),
    "habits": _l("Habits"), "left_at": _l("Left the post"),
    "means": _l("Means"), "content": _l("Content"), "result": _l("Result"), "at": _l("When it happened"), "due_at": _l("Due"),
    "contact_id": _l("Contact"), "contact": _l("Contact"), "opportunity_id": _l("Opportunity"), "member_id": _l("Who does it"),
    "amount": _l("Amount"), "probability": _l("Probability"), "expected_close_on": _l("Expected close date"), "products": _l("Products"),
    "stage": _l("Stage"), "lost_remark": _l("Remark"), "role_id": _l("Role"), "team_id": _l("Team"),
}  # fmt: skip
OPTIONS: dict[str, Mapping[str, str]] = {
    "kind": KINDS, "size": SIZES, "source": SOURCES, "grade": GRADES, "status": STATUSES, "sex": SEXES, "means": MEANS,
}  # fmt: skip
YES_NO = frozenset({"is_decision_maker", "birthday_is_lunar"})
DAYS = frozenset({"birthday", "left_at", "expected_close_on"})
MOMENTS = frozenset({"at", "due_at", "next_contact_at"})
PHONES = frozenset({"phone", "mobile"})


@dataclass(frozen=True, slots=True)
class Change:
    """`old` and `new` are None where they are ids that mean nothing to people."""

    label: str
    old: str | None
    new: str | None


def changes_of(data: Mapping[str, Any], names: Mapping[str, str] | None = None) -> list[Change]:
    """The changes that an event keeps as {"changes": {field: [old, new]}}, in words; `names` of the ids among them."""
    return [_change(field, pair[0], pair[1], names or {}) for field, pair in _pairs(data).items()]


def ids_in(data: Mapping[str, Any]) -> set[uuid.UUID]:
    """The ids that the changes of an event speak of."""
    return {key for field, pair in _pairs(data).items() if field.endswith("_id") for value in pair if (key := _key(value))}


def _pairs(data: Mapping[str, Any]) -> dict[str, list[Any]]:
    told: Mapping[str, list[Any]] = data.get("changes") or {}
    return {field: pair for field, pair in told.items() if len(pair) == 2}


def _change(field: str, old: Any, new: Any, names: Mapping[str, str]) -> Change:
    label = str(LABELS.get(field, field))
    if not field.endswith("_id"):
        return Change(label, in_words(field, old), in_words(field, new))
    if any(value is not None and str(value) not in names for value in (old, new)):
        return Change(label, None, None)
    return Change(label, names.get(str(old), NOTHING), names.get(str(new), NOTHING))


def _key(value: Any) -> uuid.UUID | None:
    try:
        return uuid.UUID(str(value)) if value else None
    except ValueError:
        return None


def in_words(field: str, value: Any) -> str:
    """A value as JSON keeps it, as people read it."""
    if value is None or value == "":
        return NOTHING
    if field in OPTIONS:
        return gettext(OPTIONS[field].get(str(value), str(value)))
    if field in YES_NO:
        return gettext("Yes") if value else gettext("No")
    if field in MOMENTS | DAYS:
        return _moment(field, str(value))
    if field == "amount":
        return _amount(str(value))
    if field == "probability":
        return f"{value}%"
    return phones.pretty(str(value)) if field in PHONES else clip(str(value))


def clip(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= CLIP else flat[: CLIP - 1] + "…"


def _moment(field: str, text: str) -> str:
    try:
        return exact(dt.date.fromisoformat(text[:10]) if field in DAYS else dt.datetime.fromisoformat(text))
    except ValueError:
        return text


def _amount(text: str) -> str:
    try:
        return str(money(Decimal(text)))
    except InvalidOperation:
        return text
