"""Beginning to rent: by a card on a page of Stripe's, or by invoice. And what is rented."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from saas.billing import reading
from saas.billing.asking import checkout, once, trial
from saas.billing.gateway.line import refusals
from saas.billing.gateway.selling import Selling
from saas.billing.reading import identity
from saas.billing.values import Place, Rented

DAYS_UNTIL_DUE = 14
LIVE = ("trialing", "active", "past_due", "unpaid", "incomplete", "paused")


class Renting(Selling):
    def check_out(
        self, payer: str, plan: str, seats: int, *, tenant: str, back: str, away: str, trial_ends_at: dt.datetime | None, at: dt.datetime, key: str
    ) -> Place:
        """A page on which a card subscribes. `back` gets the session's id in the place of {CHECKOUT_SESSION_ID}."""
        asked = checkout(payer, tenant, back, away, trial_ends_at, at)
        with refusals():
            asked["line_items"] = [{"price": self._price(plan).id, "quantity": seats}]
            session = self._v1.checkout.sessions.create(asked, once(key))
        return Place(session.id, session.url)

    def checked_out(self, session: str) -> str | None:
        """The subscription that came of a Checkout page."""
        with refusals():
            return identity(self._v1.checkout.sessions.retrieve(session).subscription)

    def subscribe_by_invoice(self, payer: str, plan: str, seats: int, *, tenant: str, trial_ends_at: dt.datetime | None, key: str) -> Rented:
        """Active at once; the first invoice is sent at once, and due in two weeks."""
        asked: dict[str, Any] = {"customer": payer, "collection_method": "send_invoice", "days_until_due": DAYS_UNTIL_DUE}
        asked |= {"metadata": {"tenant": tenant}, **trial(trial_ends_at)}
        with refusals():
            asked["items"] = [{"price": self._price(plan).id, "quantity": seats}]
            made = self._v1.subscriptions.create(asked, once(key))
            invoice = self._v1.invoices.retrieve(identity(made.latest_invoice))
            if invoice.status == "draft":
                self._v1.invoices.send_invoice(invoice.id, {}, once(key, "send"))
        return reading.rented(made)

    def rented_by(self, payer: str) -> Rented | None:
        """What the customer rents; what it rented last when all has ended."""
        with refusals():
            found = self._v1.subscriptions.list({"customer": payer, "status": "all", "limit": 20}).data
        ours = sorted((one for one in found if "tenant" in one.metadata), key=lambda one: (one.status in LIVE, one.created), reverse=True)
        return reading.rented(ours[0]) if ours else None

    def subscription(self, subscription: str) -> Rented:
        with refusals():
            return reading.rented(self._v1.subscriptions.retrieve(subscription))

    def subscriptions(self) -> Iterator[Rented]:
        """Every one that has not ended, for the nightly comparison."""
        with refusals():
            for one in self._v1.subscriptions.list({"status": "all", "limit": 100}).auto_paging_iter():
                if one.status in LIVE and "tenant" in one.metadata:
                    yield reading.rented(one)
