"""Events on their way: signed so that the real library believes them, tried again, and by switches badly delivered."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from itertools import pairwise
from typing import Any

import pytest
import stripe

from sandbox.stripe import deliveries, events
from sandbox.stripe.postman import Postman
from tests.world.stripe import Stripe


class Ear:
    """An endpoint on this machine that keeps what it hears."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, str]] = []
        self.says = 200
        ear = self

        class Listener(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                ear.heard.append((self.headers["Stripe-Signature"], body))
                self.send_response(ear.says)
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Listener)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hear"


@pytest.fixture
def ear(loopback: None) -> Iterator[Ear]:
    ear = Ear()
    thread = threading.Thread(target=ear.server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield ear
    ear.server.shutdown()
    thread.join()
    ear.server.server_close()


def read(ear: Ear, secret: str) -> list[stripe.Event]:
    return [stripe.Webhook.construct_event(body, signature, secret) for signature, body in ear.heard]


def bring(stripe_sandbox: Stripe) -> int:
    return Postman(stripe_sandbox.sandbox).round(everything=True)


def switch(stripe_sandbox: Stripe, **values: int | bool) -> None:
    with stripe_sandbox.sandbox.world() as world:
        world.store.note("switches", values)


def test_the_real_library_believes_what_is_delivered(stripe_sandbox: Stripe, ear: Ear) -> None:
    endpoint = stripe_sandbox.v1.webhook_endpoints.create({"url": ear.url, "enabled_events": ["customer.created", "customer.updated"]})
    customer = stripe_sandbox.customer(None)
    stripe_sandbox.v1.customers.update(customer.id, {"name": "新名字"})
    stripe_sandbox.price()
    assert bring(stripe_sandbox) == 2
    made, changed = read(ear, endpoint.secret)
    assert (made.type, changed.type, changed.api_version) == ("customer.created", "customer.updated", stripe.api_version)
    assert changed.data.object["name"] == "新名字"
    assert changed.data.previous_attributes is not None
    assert changed.data.previous_attributes["name"] == "杭州青禾环保设备有限公司"
    assert changed.request is not None and changed.request.id
    with pytest.raises(stripe.SignatureVerificationError):
        read(ear, "whsec_other")
    assert not hasattr(stripe_sandbox.v1.webhook_endpoints.retrieve(endpoint.id), "secret")


def test_nothing_that_failed_is_told(stripe_sandbox: Stripe, ear: Ear) -> None:
    stripe_sandbox.v1.webhook_endpoints.create({"url": ear.url, "enabled_events": ["*"]})
    with pytest.raises(stripe.InvalidRequestError):
        stripe_sandbox.v1.customers.create({"name": "x", "payment_method": "pm_none"})
    assert bring(stripe_sandbox) == 0


def test_while_a_secret_is_rolled_both_are_signed_with(stripe_sandbox: Stripe, ear: Ear) -> None:
    endpoint = stripe_sandbox.v1.webhook_endpoints.create({"url": ear.url, "enabled_events": ["*"]})
    with stripe_sandbox.sandbox.world() as world:
        fresh = events.roll(world, endpoint.id)
    stripe_sandbox.v1.products.create({"name": "x"})
    bring(stripe_sandbox)
    assert read(ear, endpoint.secret)[0].type == read(ear, fresh)[0].type == "product.created"
    with stripe_sandbox.sandbox.world() as world:
        world.store.hide(endpoint.id, old_until=0)
    ear.heard.clear()
    stripe_sandbox.v1.products.create({"name": "y"})
    bring(stripe_sandbox)
    assert len(read(ear, fresh)) == 1
    with pytest.raises(stripe.SignatureVerificationError):
        read(ear, endpoint.secret)


def test_what_is_not_taken_is_brought_again(stripe_sandbox: Stripe, ear: Ear) -> None:
    stripe_sandbox.v1.webhook_endpoints.create({"url": ear.url, "enabled_events": ["*"]})
    ear.says = 500
    stripe_sandbox.v1.products.create({"name": "x"})
    assert bring(stripe_sandbox) == 0
    [told] = deliveries.history(stripe_sandbox.sandbox.store, 10)
    assert (told["state"], told["attempts"], told["said"]) == ("waiting", 1, "500")
    assert Postman(stripe_sandbox.sandbox).round() == 0, "not before its time"
    ear.says = 204
    assert bring(stripe_sandbox) == 1
    assert deliveries.history(stripe_sandbox.sandbox.store, 10)[0]["state"] == "taken"
    assert len(ear.heard) == 2
    [event] = stripe_sandbox.v1.events.list().data
    assert event.pending_webhooks == 0


def test_it_gives_up_in_the_end(stripe_sandbox: Stripe, ear: Ear) -> None:
    stripe_sandbox.v1.webhook_endpoints.create({"url": ear.url, "enabled_events": ["*"]})
    ear.says = 503
    stripe_sandbox.v1.products.create({"name": "x"})
    for _ in range(len(deliveries.RETRY_AFTER) + 3):
        bring(stripe_sandbox)
    assert len(ear.heard) == len(deliveries.RETRY_AFTER) + 1
    assert deliveries.history(stripe_sandbox.sandbox.store, 10)[0]["state"] == "given up"


def test_switches_spoil_the_post(stripe_sandbox: Stripe, ear: Ear) -> None:
    stripe_sandbox.v1.webhook_endpoints.create({"url": ear.url, "enabled_events": ["*"]})
    switch(stripe_sandbox, duplicate=3)
    stripe_sandbox.v1.products.create({"name": "x"})
    assert bring(stripe_sandbox) == 3
    assert len({body for _, body in ear.heard}) == 1

    switch(stripe_sandbox, drop=100)
    stripe_sandbox.v1.products.create({"name": "lost"})
    assert bring(stripe_sandbox) == 0
    lost = stripe_sandbox.v1.events.list({"limit": 1}).data[0]
    with stripe_sandbox.sandbox.world() as world:
        assert deliveries.again(world, lost.id) == 1
    assert bring(stripe_sandbox) == 1

    switch(stripe_sandbox, delay=60)
    stripe_sandbox.v1.products.create({"name": "late"})
    assert Postman(stripe_sandbox.sandbox).round() == 0
    assert bring(stripe_sandbox) == 1


def test_order_can_be_lost(stripe_sandbox: Stripe, ear: Ear) -> None:
    stripe_sandbox.v1.webhook_endpoints.create({"url": ear.url, "enabled_events": ["*"]})
    switch(stripe_sandbox, reorder=True)
    with stripe_sandbox.sandbox.world() as world:
        for number in range(30):
            world.create(world.make("product", "prod", name=str(number)))
        posts = deliveries.due(world, everything=True)
    seqs = [post.seq for post in posts]
    assert len(seqs) == 30
    assert any(one > other for one, other in pairwise(seqs))


def test_it_delivers_to_this_machine_only(stripe_sandbox: Stripe) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="this machine only"):
        stripe_sandbox.v1.webhook_endpoints.create({"url": "https://example.com/", "enabled_events": ["*"]})
