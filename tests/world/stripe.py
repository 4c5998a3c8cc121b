"""A stand-in for Stripe in this process, on loopback, and the real library that talks to it."""

import datetime as dt
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NoReturn

import pytest
import stripe
from werkzeug.serving import make_server

from saas.billing.values import PaymentsAway
from sandbox.stripe.__main__ import Quiet
from sandbox.stripe.app import Sandbox, make_app
from sandbox.stripe.clock import advance
from sandbox.stripe.store import Store

KEY = "sk_test_of_tests"
START = int(dt.datetime(2026, 1, 15, 8, 30, tzinfo=dt.UTC).timestamp())
DAY = 86_400
JSON = dict[str, Any]


@dataclass
class Stripe:
    """The library's client, and a hand on the clock of the stand-in."""

    client: stripe.StripeClient
    sandbox: Sandbox

    @property
    def v1(self) -> Any:
        return self.client.v1

    def pass_time(self, *, days: float = 0, seconds: int = 0) -> None:
        with self.sandbox.world() as world:
            advance(world, int(days * DAY) + seconds)

    @property
    def now(self) -> int:
        with self.sandbox.world() as world:
            return world.now()

    def price(self, amount: int = 2900, name: str = "Standard") -> Any:
        product = self.v1.products.create({"name": name})
        asked = {"product": product.id, "currency": "cny", "unit_amount": amount, "recurring": {"interval": "month"}}
        return self.v1.prices.create(asked)

    def customer(self, card: str | None = "pm_card_visa", **more: Any) -> Any:
        made = self.v1.customers.create({"name": "杭州青禾环保设备有限公司", "email": "pay@example.com", **more})
        if card:
            method = self.v1.payment_methods.attach(card, {"customer": made.id})
            return self.v1.customers.update(made.id, {"invoice_settings": {"default_payment_method": method.id}})
        return made

    def subscribe(self, customer: Any, price: Any, seats: int = 5, **more: Any) -> Any:
        return self.v1.subscriptions.create({"customer": customer.id, "items": [{"price": price.id, "quantity": seats}], **more})

    def subscription(self, known: Any) -> JSON:
        shown: JSON = self.v1.subscriptions.retrieve(known.id).to_dict()
        return shown

    def invoices(self, customer: Any) -> list[JSON]:
        """Oldest first."""
        return [one.to_dict() for one in self.v1.invoices.list({"customer": customer.id, "limit": 100}).data][::-1]

    def events(self) -> list[JSON]:
        """Oldest first."""
        return [one.to_dict() for one in self.v1.events.list({"limit": 100}).auto_paging_iter()][::-1]

    def kinds(self) -> list[str]:
        return [one["type"] for one in self.events()]


class Away:
    """In place of a gateway, or of what it speaks with: a Stripe that does not answer."""

    def __getattr__(self, name: str) -> NoReturn:
        raise PaymentsAway


@pytest.fixture
def stripe_sandbox(loopback: None) -> Iterator[Stripe]:
    sandbox = Sandbox(Store(None), "", KEY, real=lambda: START)
    server = make_server("127.0.0.1", 0, make_app(sandbox), threaded=True, request_handler=Quiet)
    sandbox.address = f"http://127.0.0.1:{server.port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    client = stripe.RequestsClient(timeout=5)
    yield Stripe(stripe.StripeClient(KEY, base_addresses={"api": sandbox.address}, http_client=client, max_network_retries=0), sandbox)
    client.close()  # type: ignore[no-untyped-call]
    server.shutdown()
    thread.join()
    server.server_close()
    sandbox.store.close()
