"""Rules and reasons in words, built from their parameters."""

import uuid
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from tenants.customers.options import INDUSTRIES, KINDS, SIZES, SOURCES, STATUSES
from tenants.scoring.kinds import KINDS as KINDS_OF_RULES
from tenants.scoring.kinds import Subject
from tenants.scoring.rules import Rule, make_rule
from tenants.values.words import Refusal
from web.ui.money import money, money_whole
from web.ui.say import gettext, ngettext

FIELDS: dict[str, LazyString] = {
    "status": _l("Status"), "source": _l("Source"), "industry": _l("Industry"), "size": _l("Size"), "kind": _l("Kind"), "region": _l("Region"),
    "tag": _l("Tag"), "phone": _l("Phone"), "website": _l("Website"), "address": _l("Address"), "business": _l("What they make or do"),
    "credit_code": _l("Credit code"), "invoice_title": _l("Invoice title"), "owner_id": _l("Owner"), "stage": _l("Stage"),
    "contact_id": _l("Contact"), "expected_close_on": _l("Expected close date"), "products": _l("Products"),
}  # fmt: skip
CODES: dict[str, Mapping[str, str]] = {
    "status": STATUSES, "source": SOURCES, "size": SIZES, "kind": KINDS, "industry": {name: name for name in INDUSTRIES},
}  # fmt: skip
MOST_NAMED = 4  # values of a rule; a list of twenty industries would be six lines
Names = Mapping[uuid.UUID, str]  # of the stages and tags that rules speak of
Values = Mapping[str, Any]
CENT = Decimal("0.01")


def subject_name(subject: Subject) -> str:
    return {"customer": gettext("Customers"), "opportunity": gettext("Opportunities")}[subject]


def kind_name(subject: Subject, kind: str) -> str:
    return gettext(KINDS_OF_RULES[subject][kind].label)


def ids_in(rules: Iterable[Rule]) -> set[uuid.UUID]:
    """The stages and tags that rules speak of."""
    return {key for rule in rules if rule.values.get("field") in ("stage", "tag") for value in rule.values["values"] if (key := _key(value))}


def sentence(rule: Rule, names: Names) -> str:
    """What the rule asks: “Follow-ups within 30 days: 3 points each, at most 5 counted”."""
    return SENTENCES[rule.kind](rule, rule.values, names)


def in_full(rule: Rule, names: Names) -> str:
    """The same with every value, however many: where two versions of a rule are compared."""
    return _one_of(rule, rule.values, names, most=None) if rule.kind == "is_one_of" else sentence(rule, names)


def reason(rule: Rule, figure: str | None, names: Names) -> str:
    """Why it gave points to one record: “3 follow-ups within 30 days”. Without a figure of its own, the rule's sentence."""
    told = REASONS.get(rule.kind)
    if told is None or figure is None:
        return sentence(rule, names)
    return told(rule, figure)


def changed_points(data: Mapping[str, Any]) -> str:
    """Why the rules changed a grade, as its event keeps it: the rules whose points changed most, each with its points before and now."""
    if data.get("rules_changed"):
        return gettext("The rules were changed.")
    told = []
    for one in data.get("why") or ():
        kept = one["rule"]
        try:
            rule = make_rule("customer", kept["id"], kept["kind"], kept["points"], kept["values"])
        except Refusal:  # a newer release's
            continue
        told.append(f"{sentence(rule, {})} ({signed(one['points'][0])} → {signed(one['points'][1])})")
    return gettext("; ").join(told)


def value_name(field: str, value: str, names: Names) -> str:
    if field in ("stage", "tag"):
        key = _key(value)
        return names.get(key, gettext("(gone)")) if key else gettext("(gone)")
    known = CODES.get(field, {}).get(value)
    return gettext(known) if known else value


def _one_of(rule: Rule, v: Values, names: Names, most: int | None = MOST_NAMED) -> str:
    values = v["values"] if len(v["values"]) <= MOST_NAMED + 2 else v["values"][:most]
    listed, rest = gettext(", ").join(value_name(v["field"], value, names) for value in values), len(v["values"]) - len(values)
    if rest:
        listed = gettext("%(values)s and %(num)s more", values=listed, num=rest)
    return gettext("%(field)s is %(values)s", field=FIELDS[v["field"]], values=listed)


def _is_filled(rule: Rule, v: Values, names: Names) -> str:
    field = FIELDS[v["field"]]
    return gettext("%(field)s is filled in", field=field) if v["filled"] else gettext("%(field)s is empty", field=field)


def _talks(rule: Rule, v: Values, names: Names) -> str:
    return gettext(
        "Follow-ups within %(days)s days: %(points)s points each, at most %(most)s counted",
        days=v["days"],
        points=signed(rule.points),
        most=v["most"],
    )


def _last_talk(rule: Rule, v: Values, names: Names) -> str:
    return ngettext(
        "The last follow-up is recent: the points halve every %(num)s day", "The last follow-up is recent: the points halve every %(num)s days",
        v["half_life"],
    )  # fmt: skip


def _overdue(rule: Rule, v: Values, names: Names) -> str:
    if not v["days"]:
        return gettext("The next contact is overdue")
    return ngettext(
        "The next contact is more than %(num)s day overdue", "The next contact is more than %(num)s days overdue", v["days"]
    )  # fmt: skip


def _probability(rule: Rule, v: Values, names: Names) -> str:
    if v["percent_below"] is None:
        return gettext("Probability of %(low)s%% or more", low=v["percent_from"])
    return gettext("Probability from %(low)s%% to below %(high)s%%", low=v["percent_from"], high=v["percent_below"])


def _slow(rule: Rule, v: Values, names: Names) -> str:
    if not v["days"]:
        return gettext("In its stage for longer than the stage allows")
    return ngettext(
        "In its stage for over %(num)s day longer than the stage allows", "In its stage for over %(num)s days longer than the stage allows", v["days"]
    )


def _late(rule: Rule, v: Values, names: Names) -> str:
    if not v["days"]:
        return gettext("The expected close date has passed")
    return ngettext(
        "The expected close date passed more than %(num)s day ago", "The expected close date passed more than %(num)s days ago", v["days"]
    )


def amount_words(v: Values) -> str:
    low, high = v["amount_from"], v["amount_below"]
    if high is None:
        return gettext("%(low)s or more", low=_short(low))
    if low == CENT:
        return gettext("above %(zero)s, below %(high)s", zero=_short(Decimal()), high=_short(high))
    return gettext("%(low)s to below %(high)s", low=_short(low), high=_short(high))


def signed(points: int) -> str:
    return f"+{points}" if points > 0 else f"−{-points}" if points < 0 else "0"


SENTENCES: dict[str, Callable[[Rule, Values, Names], str]] = {
    "is_one_of": _one_of,
    "is_filled": _is_filled,
    "decider": lambda rule, v, names: gettext("A decision-maker is known"),
    "talks": _talks,
    "last_talk": _last_talk,
    "silent": lambda rule, v, names: ngettext("Nobody has spoken to them for %(num)s day", "Nobody has spoken to them for %(num)s days", v["days"]),
    "overdue": _overdue,
    "young": lambda rule, v, names: ngettext("Created within the last day", "Created within the last %(num)s days", v["days"]),
    "open_deals": lambda rule, v, names: ngettext("At least one open opportunity", "At least %(num)s open opportunities", v["at_least"]),
    "furthest_stage": lambda rule, v, names: gettext("An open opportunity has come to %(percent)s%% or further", percent=v["percent_from"]),
    "open_amount": lambda rule, v, names: gettext("Open opportunities worth %(amount)s", amount=amount_words(v)),
    "won_amount": lambda rule, v, names: gettext("Won within %(days)s days: %(amount)s", days=v["days"], amount=amount_words(v)),
    "probability": _probability,
    "amount": lambda rule, v, names: gettext("Amount of %(amount)s", amount=amount_words(v)),
    "slow": _slow,
    "late": _late,
    "closing": lambda rule, v, names: ngettext("It closes within %(num)s day", "It closes within %(num)s days", v["days"]),
    "customer_score": lambda rule, v, names: gettext("Its customer has a score of %(score)s or more", score=v["score_from"]),
}


def _days_ago(rule: Rule, figure: str) -> str:
    days = int(figure)
    if days == 0:
        return gettext("Last follow-up today")
    return ngettext("Last follow-up %(num)s day ago", "Last follow-up %(num)s days ago", days)


def _field_now(rule: Rule, figure: str) -> str:
    field = rule.values["field"]
    return gettext("%(field)s is %(values)s", field=FIELDS[field], values=figure if field == "stage" else value_name(field, figure, {}))


def _talked(rule: Rule, figure: str) -> str:
    return ngettext(
        "%(num)s follow-up within %(days)s days", "%(num)s follow-ups within %(days)s days", int(figure), days=rule.values["days"]
    )  # fmt: skip


REASONS: dict[str, Callable[[Rule, str], str]] = {
    "is_one_of": _field_now,
    "talks": _talked,
    "last_talk": _days_ago,
    "silent": lambda rule, figure: ngettext("Not spoken to for %(num)s day", "Not spoken to for %(num)s days", int(figure)),
    "overdue": lambda rule, figure: ngettext("The next contact is %(num)s day overdue", "The next contact is %(num)s days overdue", int(figure)),
    "young": lambda rule, figure: ngettext("Created %(num)s day ago", "Created %(num)s days ago", int(figure)),
    "open_deals": lambda rule, figure: ngettext("%(num)s open opportunity", "%(num)s open opportunities", int(figure)),
    "furthest_stage": lambda rule, figure: gettext("The furthest open opportunity stands at %(percent)s%%", percent=figure),
    "open_amount": lambda rule, figure: gettext("Open opportunities: %(amount)s", amount=_money(figure)),
    "won_amount": lambda rule, figure: gettext(
        "Won within %(days)s days: %(amount)s", days=rule.values["days"], amount=_money(figure)
    ),
    "probability": lambda rule, figure: gettext("Probability %(percent)s%%", percent=figure),
    "amount": lambda rule, figure: gettext("Amount %(amount)s", amount=_money(figure)),
    "slow": lambda rule, figure: ngettext("%(num)s day in this stage", "%(num)s days in this stage", int(figure)),
    "late": lambda rule, figure: ngettext("Expected to close %(num)s day ago", "Expected to close %(num)s days ago", int(figure)),
    "closing": lambda rule, figure: ngettext("Expected to close in %(num)s day", "Expected to close in %(num)s days", int(figure)),
    "customer_score": lambda rule, figure: gettext("Its customer has a score of %(score)s", score=figure),
}  # fmt: skip


def _short(amount: Decimal) -> str:
    return money_whole(amount) if amount == amount.to_integral_value() else money(amount)


def _money(figure: str) -> str:
    try:
        return money(Decimal(figure))
    except InvalidOperation:
        return figure


def _key(value: Any) -> uuid.UUID | None:
    try:
        return uuid.UUID(str(value))
    except ValueError:
        return None
