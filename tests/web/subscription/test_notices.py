"""Notices of Stripe's at our door: only what it has signed, lately, and of a size that it sends, is kept."""

import datetime as dt
import json
from collections.abc import Callable
from io import BytesIO

from sqlalchemy import Engine

from sandbox.stripe.deliveries import signature
from tests.web.subscription.test_truth import post, told
from tests.world.door import WEBHOOK_SECRET, Guest


def test_only_what_was_signed_lately_is_kept(client_of: Callable[[str], Guest], engine: Engine) -> None:
    browser = client_of("nobody")
    body = json.dumps({"id": "evt_1", "type": "x", "created": 1, "data": {"object": {"object": "customer", "id": "cus_1"}}})
    assert post(browser, body, secret="whsec_of_nobody") == 400
    assert post(browser, body, off=-301) == 400
    assert post(browser, body, off=+330) == 400
    assert browser.post("/webhooks/stripe", data=body, token=False).status_code == 400
    assert browser.get("/webhooks/stripe").status_code == 405
    assert told(engine) == 0
    assert [post(browser, body), post(browser, body)] == [204, 204]
    assert told(engine) == 1


def test_a_stale_signature_does_not_look_fresh_beside_another_time(client_of: Callable[[str], Guest], engine: Engine) -> None:
    """Stripe's library takes the first time for which the signature holds, however it is written; ours must not look at another one."""
    body = json.dumps({"id": "evt_1", "type": "x", "created": 1, "data": {"object": {"object": "customer", "id": "cus_1"}}})
    now = int(dt.datetime.now(dt.UTC).timestamp())
    first, proof = signature(body, [WEBHOOK_SECRET], now - 4000).split(",", 1)
    for stale in (f"{first} ", first.replace("t=", "t=+"), first.replace("t=", "t=0_"), f"{first}=", first):
        headers = {"Stripe-Signature": f"{stale},t={now},{proof}"}
        answer = client_of("nobody").post("/webhooks/stripe", data=body, headers=headers, token=False, content_type="application/json")
        assert answer.status_code == 400, stale
    assert told(engine) == 0


def test_what_does_not_say_how_long_it_is_is_not_read_without_end(client_of: Callable[[str], Guest], engine: Engine) -> None:
    body = json.dumps({"id": "evt_1", "type": "x" * 600_000, "created": 1, "data": {"object": {"object": "customer", "id": "cus_1"}}})
    headers = {"Stripe-Signature": signature(body, [WEBHOOK_SECRET], int(dt.datetime.now(dt.UTC).timestamp()))}
    chunked = {"wsgi.input": BytesIO(body.encode()), "wsgi.input_terminated": True, "CONTENT_LENGTH": ""}
    answer = client_of("nobody").post("/webhooks/stripe", headers=headers, token=False, environ_overrides=chunked, content_type="application/json")
    assert answer.status_code == 413
    assert told(engine) == 0
