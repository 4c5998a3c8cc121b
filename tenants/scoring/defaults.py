"""The rules of a new company: they tell a busy customer from a forgotten one on the first day."""

from typing import Any

from tenants.scoring.kinds import Subject
from tenants.scoring.rules import Scheme, make_rule

_BASE: dict[Subject, int] = {"customer": 20, "opportunity": 20}
_RULES: dict[Subject, tuple[tuple[str, int, dict[str, Any]], ...]] = {
    "customer": (
        ("is_one_of", 10, {"field": "status", "values": ("regular", "vip")}),
        ("is_one_of", -20, {"field": "status", "values": ("lapsed",)}),
        ("is_one_of", 8, {"field": "source", "values": ("referral",)}),
        ("is_one_of", 5, {"field": "size", "values": ("100-499", "500-999", "1000+")}),
        ("decider", 7, {}),
        ("last_talk", 15, {"half_life": 14}),
        ("talks", 3, {"days": 30, "most": 5}),
        ("silent", -15, {"days": 60}),
        ("overdue", -8, {"days": 3}),
        ("open_deals", 8, {"at_least": 1}),
        ("furthest_stage", 10, {"percent_from": 50}),
        ("open_amount", 7, {"amount_from": "100000", "amount_below": None}),
        ("won_amount", 10, {"days": 365, "amount_from": "0.01", "amount_below": "100000"}),
        ("won_amount", 20, {"days": 365, "amount_from": "100000", "amount_below": None}),
    ),
    "opportunity": (
        ("probability", 10, {"percent_from": 30, "percent_below": 50}),
        ("probability", 20, {"percent_from": 50, "percent_below": 70}),
        ("probability", 30, {"percent_from": 70, "percent_below": None}),
        ("amount", 10, {"amount_from": "100000", "amount_below": None}),
        ("last_talk", 15, {"half_life": 7}),
        ("talks", 2, {"days": 30, "most": 5}),
        ("silent", -15, {"days": 30}),
        ("slow", -15, {"days": 0}),
        ("closing", 10, {"days": 30}),
        ("late", -15, {"days": 0}),
        ("customer_score", 10, {"score_from": 60}),
        ("is_filled", 5, {"field": "contact_id", "filled": True}),
    ),
}


def default_scheme(subject: Subject) -> Scheme:
    rules = (make_rule(subject, f"d{place}", kind, points, values) for place, (kind, points, values) in enumerate(_RULES[subject], 1))
    return Scheme(subject, tuple(rules), _BASE[subject])
