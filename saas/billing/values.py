"""What billing speaks of: plain values, in our own words. Only gateway/ knows how Stripe says the same."""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal

from tenants.values.words import N_, Refusal

# How a subscription stands, as Stripe decides it; what Zuke makes of that (grace, reading only) is the life cycle's matter.
STANDINGS = ("incomplete", "incomplete_expired", "trialing", "active", "past_due", "unpaid", "canceled", "paused")


class CardDeclined(Refusal):
    sentence = N_("The bank declined the payment. Try another card, or ask your bank.")


class PaymentsAway(Refusal):
    sentence = N_("The payment service does not answer. Nothing was changed; please try again in a minute.")


class RentsAlready(Refusal):
    sentence = N_("Your company rents Zuke already: somebody was quicker. Nothing was ordered twice.")


class NoLongerThere(Refusal):
    sentence = N_("The payment service no longer knows this. Please open the page again.")


class Forged(Exception):
    """A notice that Stripe did not send, or not now."""


class GatewayMisused(Exception):
    """Our mistake: Stripe refused what we asked for as nonsense."""


@dataclass(frozen=True, slots=True)
class Place:
    """A page of Stripe's that somebody is sent to."""

    id: str
    url: str


@dataclass(frozen=True, slots=True)
class Lodger:
    """That a subscription lives, and for which tenant by Stripe's word."""

    id: str
    payer: str
    tenant: str


@dataclass(frozen=True, slots=True)
class GivenBack:
    """CNY: to where it came from, and on the customer's balance, for bills to come."""

    refunded: Decimal = Decimal(0)
    credited: Decimal = Decimal(0)

    def __add__(self, more: "GivenBack") -> "GivenBack":
        return GivenBack(self.refunded + more.refunded, self.credited + more.credited)


@dataclass(frozen=True, slots=True)
class Title:
    """工商抬头: who the invoice is made out to."""

    name: str
    tax_number: str | None = None


@dataclass(frozen=True, slots=True)
class Rented:
    """A subscription as it is at Stripe."""

    id: str
    payer: str
    tenant: str
    """The tenant's id, as we told it when the subscription began."""
    standing: str
    plan: str
    seats: int
    price: Decimal
    """CNY for a seat and month; an old subscriber may pay an old price."""
    starts_at: dt.datetime
    ends_at: dt.datetime
    """Of the period that runs; then it renews, or ends."""
    trial_ends_at: dt.datetime | None
    stops_at: dt.datetime | None
    """When it was cancelled for."""
    ended_at: dt.datetime | None
    """When it came to its end."""
    made_at: dt.datetime
    is_sent: bool
    """Paid by invoices that are sent, not by a card."""
    waits_for: int | None
    """So many seats once an open invoice is paid."""
    schedule: str | None = None
    """Stripe's note that something changes at the renewal."""
    item: str = field(default="", repr=False)
    price_id: str = field(default="", repr=False)

    @property
    def is_on_trial(self) -> bool:
        return self.standing == "trialing"


@dataclass(frozen=True, slots=True)
class Later:
    """What a subscription becomes at its renewal."""

    plan: str
    seats: int
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Quote:
    """What a change costs now, and what a month costs from then on. Charged later, `at` makes it the same amount."""

    now: Decimal
    monthly: Decimal
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Bill:
    """An invoice."""

    id: str
    payer: str
    subscription: str | None
    number: str | None
    state: str
    """draft, open, paid, uncollectible, void"""
    total: Decimal
    due: Decimal
    made_at: dt.datetime
    due_at: dt.datetime | None
    paid_at: dt.datetime | None
    tried: int
    page: str | None
    pdf: str | None

    @property
    def is_owed(self) -> bool:
        return self.state in ("open", "uncollectible") and self.due > 0


@dataclass(frozen=True, slots=True)
class Offer:
    """A plan as Stripe sells it: a product with the price that new subscribers pay."""

    plan: str
    name: str
    is_sold: bool
    price_id: str | None
    price: Decimal | None


@dataclass(frozen=True, slots=True)
class Notice:
    """Something happened at Stripe. It says only what to look at: the state is fetched afresh."""

    id: str
    kind: str
    at: dt.datetime
    about: str
    """The id of the object."""
    payer: str | None
