"""Stripe's side of the rent: a stand-in that is never killed, for it is not ours. Its post can be made to work badly."""

import sqlite3
from pathlib import Path
from typing import Any

import requests
import stripe

from sandbox.machine.processes import until
from tests.faults.launcher import STRIPE_KEY

CARD = "4242424242424242"
LIVE = {"trialing", "active", "past_due", "unpaid", "incomplete", "paused"}
PATIENCE = 30.0  # seconds
BADLY = {"duplicate": 3, "reorder": 1, "drop": 0}
NEVER = {"duplicate": 1, "drop": 100}
WELL = {"duplicate": 1, "drop": 0}


class Shop:
    def __init__(self, port: int, folder: Path) -> None:
        self.address, self._file = f"http://127.0.0.1:{port}", folder / "stripe" / "sandbox.sqlite"
        self._http = stripe.RequestsClient(timeout=PATIENCE)
        self.v1: Any = stripe.StripeClient(STRIPE_KEY, base_addresses={"api": self.address}, http_client=self._http, max_network_retries=0).v1
        self._post: dict[str, int] = WELL

    def close(self) -> None:
        self._http.close()  # type: ignore[no-untyped-call]

    def let_the_post_work(self, how: dict[str, int]) -> None:
        """From now on."""
        if how != self._post:
            requests.post(f"{self.address}/sandbox/switches", data=how, timeout=PATIENCE, allow_redirects=False).raise_for_status()
            self._post = how

    def bring_the_post(self) -> None:
        """What nobody was there to take is brought again, as it is by and by."""

        def all_taken() -> bool:
            requests.post(f"{self.address}/sandbox/deliveries", timeout=PATIENCE, allow_redirects=False).raise_for_status()
            return not self._letters("waiting")

        assert until(all_taken, 120), f"{self._letters('waiting')} events are not taken"
        assert not self._letters("given up")

    def _letters(self, state: str) -> int:
        with sqlite3.connect(self._file) as line:
            return int(line.execute("SELECT count(*) FROM deliveries WHERE state = ?", (state,)).fetchone()[0])

    def taken(self, payer: str) -> set[str]:
        """Events about a customer that we have said yes to."""
        with sqlite3.connect(self._file) as line:
            rows = line.execute("SELECT DISTINCT event FROM deliveries WHERE state = 'taken'").fetchall()
        about = {one.id for one in self.v1.events.list({"limit": 100}).auto_paging_iter() if _about(one.data.object, payer)}
        return {event for (event,) in rows} & about

    def pay(self, page: str) -> str | None:
        """By card, on a Checkout page; where it leads back to."""
        answer = requests.post(page, data={"card": CARD}, timeout=PATIENCE, allow_redirects=False)
        return answer.headers["Location"] if answer.status_code == 303 else None

    def payers(self, tenant: str) -> list[Any]:
        return [one for one in self.v1.customers.list({"limit": 100}).auto_paging_iter() if one.metadata.to_dict().get("tenant") == tenant]

    def subscriptions(self, payer: str) -> list[Any]:
        """The newest first, and whatever lives before what does not."""
        found = self.v1.subscriptions.list({"customer": payer, "status": "all", "limit": 100}).auto_paging_iter()
        return sorted(found, key=lambda one: (one.status in LIVE, one.created), reverse=True)

    def paid(self, payer: str, reason: str) -> list[Any]:
        found = self.v1.invoices.list({"customer": payer, "limit": 100}).auto_paging_iter()
        return [one for one in found if one.billing_reason == reason and one.status == "paid"]

    def subscribe(self, payer: str, tenant: str, seats: int) -> None:
        """Past us, as by Stripe's own staff: only notices tell of it."""
        if not self.v1.customers.retrieve(payer).invoice_settings.default_payment_method:
            method = self.v1.payment_methods.attach("pm_card_visa", {"customer": payer})
            self.v1.customers.update(payer, {"invoice_settings": {"default_payment_method": method.id}})
        price = self.v1.prices.list({"lookup_keys": ["zuke_standard"]}).data[0].id
        self.v1.subscriptions.create({"customer": payer, "items": [{"price": price, "quantity": seats}], "metadata": {"tenant": tenant}})

    def put_seats(self, subscription: Any, seats: int) -> None:
        items = [{"id": subscription.items.data[0].id, "quantity": seats}]
        self.v1.subscriptions.update(subscription.id, {"items": items, "proration_behavior": "none"})


def _about(thing: Any, payer: str) -> bool:
    told = thing.to_dict()
    return payer in {told.get("customer"), told["id"]}
