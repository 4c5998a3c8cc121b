"""Beginning to rent: by a card on a page of Stripe's, or by invoice. And what is rented."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from saas.billing import reading
from saas.billing.asking import checkout, fingerprint, once, trial
from saas.billing.gateway.doubles import Doubles
from saas.billing.gateway.line import refusals
from saas.billing.gateway.selling import Selling
from saas.billing.reading import identity
from saas.billing.values import Lodger, Place, Rented, RentsAlready

DAYS_UNTIL_DUE = 14
BINDING = ("active", "trialing", "past_due", "unpaid", "paused")
LIVE = (*BINDING, "incomplete")
RANK = {standing: place for place, standing in enumerate(LIVE)} | {"trialing": 0, "unpaid": 2}  # what is paid for counts before what is not


class Renting(Selling, Doubles):
    def check_out(
        self, payer: str, plan: str, seats: int, *, tenant: str, back: str, away: str, trial_ends_at: dt.datetime | None, at: dt.datetime, key: str
    ) -> Place:
        """A page on which a card subscribes. `back` gets the session's id in the place of {CHECKOUT_SESSION_ID}.

        The customer's only one: others are closed, and only then it is looked whether nobody was quicker on them. Raises `RentsAlready`.
        """
        self._refuse_second(payer)
        asked = checkout(payer, tenant, back, away, trial_ends_at, at)
        with refusals():
            asked["line_items"] = [{"price": self._price(plan).id, "quantity": seats}]
            session = self._open_page(asked, f"{key}-{fingerprint(asked)}")
        self.close_pages(payer, but=session.id)
        try:
            self._refuse_second(payer)
        except RentsAlready:
            self.close_pages(payer)
            raise
        return Place(session.id, session.url)

    def _open_page(self, asked: dict[str, Any], key: str) -> Any:
        """Sent twice, it is the same page; a new one if that was closed meanwhile. A key is answered with what it made, as that was then."""
        sessions = self._v1.checkout.sessions
        session = sessions.retrieve(sessions.create(asked, once(key)).id)
        while session.status != "open":
            session = sessions.retrieve(sessions.create(asked, once(key, session.id)).id)
        return session

    def _refuse_second(self, payer: str) -> None:
        rented = self.rented_by(payer)
        if rented is not None and rented.standing in BINDING:
            raise RentsAlready

    def subscribe_by_invoice(self, payer: str, plan: str, seats: int, *, tenant: str, trial_ends_at: dt.datetime | None, key: str) -> Rented:
        """Active at once; the first invoice is sent at once, and due in two weeks. Raises `RentsAlready`."""
        self.close_pages(payer)
        self._refuse_second(payer)
        asked: dict[str, Any] = {"customer": payer, "collection_method": "send_invoice", "days_until_due": DAYS_UNTIL_DUE}
        asked |= {"metadata": {"tenant": tenant}, **trial(trial_ends_at)}
        with refusals():
            asked["items"] = [{"price": self._price(plan).id, "quantity": seats}]
            made = self._begin(asked, f"{key}-{fingerprint(asked)}")
            invoice = self._v1.invoices.retrieve(identity(made.latest_invoice))
            if invoice.status == "draft":
                self._v1.invoices.send_invoice(invoice.id, {}, once(invoice.id, "send"))
        return reading.rented(made)

    def _begin(self, asked: dict[str, Any], key: str) -> Any:
        """Sent twice, it is the same subscription; a new one if that has ended meanwhile."""
        subscriptions = self._v1.subscriptions
        made = subscriptions.retrieve(subscriptions.create(asked, once(key)).id)
        while made.ended_at is not None:
            made = subscriptions.retrieve(subscriptions.create(asked, once(key, made.id)).id)
        return made

    def rented_by(self, payer: str) -> Rented | None:
        """What the customer rents; what it rented last when all has ended."""
        found = self.rentals(payer)
        return found[0] if found else None

    def rentals(self, payer: str) -> list[Rented]:
        """The one that counts first: what is paid for before what is not, and then the elder. Of what has ended the last one only."""
        with refusals():
            found = self._v1.subscriptions.list({"customer": payer, "status": "all", "limit": 100}).data
        ours = sorted((one for one in found if "tenant" in one.metadata), key=lambda one: (one.created, one.id))
        live = sorted((one for one in ours if one.status in LIVE), key=lambda one: RANK[one.status])
        return [reading.rented(one) for one in live or ours[-1:]]

    def subscription(self, subscription: str) -> Rented:
        with refusals():
            return reading.rented(self._v1.subscriptions.retrieve(subscription))

    def lodgers(self) -> Iterator[Lodger]:
        """Whatever lives, for the nightly comparison: also what was made by hand, and nobody can read."""
        with refusals():
            for one in self._v1.subscriptions.list({"status": "all", "limit": 100}).auto_paging_iter():
                if one.status in LIVE and "tenant" in one.metadata:
                    yield Lodger(one.id, reading.identity(one.customer), one.metadata["tenant"])
