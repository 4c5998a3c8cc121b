"""Pieces of what we ask of Stripe, as it wants them. Pure; gateway/ sends them."""

import datetime as dt
import hashlib
import json
from decimal import Decimal
from typing import Any

from saas.billing.reading import fen, stamp
from saas.billing.values import Rented, Title
from saas.plans.catalogue import CURRENCY

SHORTEST_TRIAL = dt.timedelta(days=2)
"""Checkout takes no trial that ends sooner; who has less left is given that much."""


def product_id(plan: str) -> str:
    """Of a plan's product at Stripe, and of its price in prices' lookup keys."""
    return f"zuke_{plan}"


def product_of(plan: str, name: str, is_sold: bool) -> dict[str, Any]:
    return {"name": name, "active": is_sold, "unit_label": "seat", "metadata": {"plan": plan}}


def price_of(plan: str, amount: Decimal) -> dict[str, Any]:
    """A seat and month of it. The lookup key goes over from the price before."""
    price = {"product": product_id(plan), "currency": CURRENCY, "unit_amount": fen(amount), "recurring": {"interval": "month"}}
    return price | {"lookup_key": product_id(plan), "transfer_lookup_key": True, "metadata": {"plan": plan}}


def customer(name: str, mail: str, tenant: str) -> dict[str, Any]:
    return {"name": name, "email": mail, "metadata": {"tenant": tenant}, "preferred_locales": ["zh"]}


def once(key: str, step: str = "") -> dict[str, str]:
    return {"idempotency_key": f"{key}-{step}" if step else key}


def fingerprint(asked: dict[str, Any]) -> str:
    """Part of a key: a form that is sent again with other words asks for something else."""
    return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()[:16]


def trial(ends_at: dt.datetime | None) -> dict[str, Any]:
    """Nothing is paid before the trial that was promised is over."""
    return {"trial_end": stamp(ends_at)} if ends_at else {}


def checkout(payer: str, tenant: str, back: str, away: str, trial_ends_at: dt.datetime | None, at: dt.datetime) -> dict[str, Any]:
    is_short = trial_ends_at is not None and at < trial_ends_at < at + SHORTEST_TRIAL
    free = {"trial_period_days": SHORTEST_TRIAL.days} if is_short else trial(trial_ends_at)
    page = {"mode": "subscription", "customer": payer, "success_url": back, "cancel_url": away, "client_reference_id": tenant}
    return page | {"subscription_data": {"metadata": {"tenant": tenant}, **free}}


def lines_of(title: Title) -> list[dict[str, str]]:
    """What stands on each invoice beside the address: Chinese firms need name and number as lines of their own."""
    return [{"name": "发票抬头", "value": title.name}, *([{"name": "税号", "value": title.tax_number}] if title.tax_number else [])]


def proration(now: Rented, at: dt.datetime) -> dict[str, Any]:
    """How a change at once is paid."""
    if now.is_on_trial:
        return {"proration_behavior": "none"}
    behavior = "allow_incomplete" if now.is_sent else "pending_if_incomplete"
    return {"proration_behavior": "always_invoice", "proration_date": stamp(at), "payment_behavior": behavior}


def phases(now: Rented, price: str, seats: int) -> list[dict[str, Any]]:
    """As it is until the month is over, and then otherwise."""
    first = {"items": [{"price": now.price_id, "quantity": now.seats}], "start_date": stamp(now.starts_at), "end_date": stamp(now.ends_at)}
    return [first, {"items": [{"price": price, "quantity": seats}], "duration": {"interval": "month"}, "proration_behavior": "none"}]


def card_flow(back: str, card_only: bool) -> dict[str, Any]:
    """Straight to the card, if nothing else is asked for."""
    if not card_only:
        return {}
    return {"flow_data": {"type": "payment_method_update", "after_completion": {"type": "redirect", "redirect": {"return_url": back}}}}
