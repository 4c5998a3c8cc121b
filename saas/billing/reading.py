"""Stripe's objects as values of ours. The objects come from gateway/, which alone knows the library."""

import datetime as dt
import json
import re
from decimal import Decimal
from typing import Any

from saas.billing.values import Bill, Forged, GivenBack, Notice, Offer, Rented

SIGNED_AT = re.compile(r"t=([0-9]{1,12})")


def fen(amount: Decimal) -> int:
    """分, as Stripe counts."""
    return int((amount * 100).to_integral_exact())


def yuan(amount: int) -> Decimal:
    return Decimal(amount) / 100


def stamp(at: dt.datetime) -> int:
    return int(at.timestamp())


def moment(at: int) -> dt.datetime:
    return dt.datetime.fromtimestamp(at, dt.UTC)


def maybe(at: int | None) -> dt.datetime | None:
    return None if at is None else moment(at)


def identity(value: Any) -> str:
    """The id of an object, which may stand there whole."""
    return value if isinstance(value, str) else str(value.id)


def rented(one: Any) -> Rented:
    """A subscription of ours has one item: so many seats of one plan."""
    [item] = one["items"].data
    waiting = one.pending_update
    return Rented(
        id=one.id,
        payer=identity(one.customer),
        tenant=one.metadata["tenant"],
        standing=one.status,
        plan=item.price.metadata["plan"],
        seats=item.quantity,
        price=yuan(item.price.unit_amount),
        starts_at=moment(item.current_period_start),
        ends_at=moment(item.current_period_end),
        trial_ends_at=maybe(one.trial_end),
        stops_at=maybe(one.cancel_at),
        ended_at=maybe(one.ended_at),
        made_at=moment(one.created),
        is_sent=one.collection_method == "send_invoice",
        waits_for=waiting.subscription_items[0].quantity if waiting and waiting.subscription_items else None,
        schedule=identity(one.schedule) if one.schedule else None,
        item=item.id,
        price_id=item.price.id,
    )


def bill(one: Any) -> Bill:
    details = one.parent.subscription_details if one.parent else None
    return Bill(
        id=one.id,
        payer=identity(one.customer),
        subscription=identity(details.subscription) if details else None,
        number=one.number,
        state=one.status,
        total=yuan(one.total),
        due=yuan(one.amount_remaining),
        made_at=moment(one.created),
        due_at=maybe(one.due_date),
        paid_at=maybe(one.status_transitions.paid_at),
        tried=one.attempt_count,
        page=one.hosted_invoice_url,
        pdf=one.invoice_pdf,
    )


def offer(product: Any, price: Any) -> Offer:
    return Offer(product.metadata["plan"], product.name, product.active, price.id if price else None, yuan(price.unit_amount) if price else None)


def signed_at(signature: str) -> int:
    """When a notice was signed, as its header says. Raises `Forged` when it says nothing, or two times: the signature holds for one of them only."""
    times = [one for one in signature.split(",") if one.partition("=")[0] == "t"]
    found = SIGNED_AT.fullmatch(times[0]) if len(times) == 1 else None
    if found is None:
        raise Forged
    return int(found[1])


def notice(body: bytes) -> Notice:
    """From a body whose signature was right."""
    event = json.loads(body)
    about = event["data"]["object"]
    payer = about["id"] if about["object"] == "customer" else about.get("customer")
    return Notice(event["id"], event["type"], moment(event["created"]), about["id"], payer)


def given_back(note: Any) -> GivenBack:
    """What a credit note over a paid invoice gave back."""
    refunded = sum(one.amount_refunded for one in note.refunds)
    return GivenBack(yuan(refunded), yuan(note.post_payment_amount - refunded))
