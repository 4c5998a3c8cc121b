"""Paying: bills, cards, and Stripe's own page for them."""

from saas.billing import reading
from saas.billing.asking import card_flow
from saas.billing.gateway.line import Line, refusals
from saas.billing.values import Bill, Place


class Paying(Line):
    def portal(self, payer: str, back: str, *, card_only: bool = False) -> Place:
        """Stripe's own page for cards and invoices."""
        with refusals():
            made = self._v1.billing_portal.sessions.create({"customer": payer, "return_url": back, **card_flow(back, card_only)})
        return Place(made.id, made.url)

    def bills(self, payer: str, most: int = 24) -> list[Bill]:
        """The newest first, drafts left out."""
        with refusals():
            found = self._v1.invoices.list({"customer": payer, "limit": most}).data
        return [reading.bill(one) for one in found if one.status != "draft"]

    def cards(self, payer: str) -> set[str]:
        """Fingerprints: the same card is the same, whoever shows it."""
        with refusals():
            found = self._v1.payment_methods.list({"customer": payer, "limit": 100}).data
        return {one.card.fingerprint for one in found if one.type == "card"}

    def bill(self, invoice: str) -> Bill:
        with refusals():
            return reading.bill(self._v1.invoices.retrieve(invoice))
