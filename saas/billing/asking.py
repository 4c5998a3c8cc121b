"""Pieces of what we ask of Stripe, as it wants them. Pure; gateway.py sends them."""

import datetime as dt
from typing import Any

from saas.billing.reading import stamp
from saas.billing.values import Rented, Title

SHORTEST_TRIAL = dt.timedelta(days=2)
"""Checkout takes no trial that ends sooner; who has less left is given that much."""


def product_id(plan: str) -> str:
    """Of a plan's product at Stripe, and of its price in prices' lookup keys."""
    return f"zuke_{plan}"


def once(key: str, step: str = "") -> dict[str, str]:
    return {"idempotency_key": f"{key}-{step}" if step else key}


def trial(ends_at: dt.datetime | None) -> dict[str, Any]:
    """Nothing is paid before the trial that was promised is over."""
    return {"trial_end": stamp(ends_at)} if ends_at else {}


def checkout_trial(ends_at: dt.datetime | None, at: dt.datetime) -> dict[str, Any]:
    is_short = ends_at is not None and at < ends_at < at + SHORTEST_TRIAL
    return {"trial_period_days": SHORTEST_TRIAL.days} if is_short else trial(ends_at)


def lines_of(title: Title) -> list[dict[str, str]]:
    """What stands on each invoice beside the address: Chinese firms need name and number as lines of their own."""
    return [{"name": "发票抬头", "value": title.name}, *([{"name": "税号", "value": title.tax_number}] if title.tax_number else [])]


def phases(now: Rented, price: str, seats: int) -> list[dict[str, Any]]:
    """As it is until the month is over, and then otherwise."""
    first = {"items": [{"price": now.price_id, "quantity": now.seats}], "start_date": stamp(now.starts_at), "end_date": stamp(now.ends_at)}
    return [first, {"items": [{"price": price, "quantity": seats}], "duration": {"interval": "month"}, "proration_behavior": "none"}]


def card_flow(back: str, card_only: bool) -> dict[str, Any]:
    """Straight to the card, if nothing else is asked for."""
    if not card_only:
        return {}
    return {"flow_data": {"type": "payment_method_update", "after_completion": {"type": "redirect", "redirect": {"return_url": back}}}}
