"""Every object of every kind that the sandbox serves has the keys of Stripe's own samples and the types that the library declares."""

import json
from pathlib import Path
from typing import Any

from sandbox.stripe.cards import CARDS
from sandbox.stripe.checkout import complete
from sandbox.stripe.world import BLANKS
from tests.sandbox.declared import differences
from tests.world.stripe import JSON, Stripe

SAMPLES: dict[str, JSON] = json.loads((Path(__file__).parent / "fixtures.json").read_text())
# Free maps, and objects in which Stripe's samples show several kinds at once.
FREE = {"metadata", "shipping", "customer_shipping", "shipping_details", "payment_method_options", "fraud_details", "status_details"}


def gaps(value: Any, sample: Any, path: str) -> list[str]:
    """Keys of the sample that the value lacks, at every depth where both have something."""
    if isinstance(value, list) and isinstance(sample, list):
        return [gap for one in value if sample for gap in gaps(one, sample[0], f"{path}[]")]
    if not isinstance(value, dict) or not isinstance(sample, dict) or path.rpartition(".")[2] in FREE or path == "event.data":
        return []
    missing = [f"{path}.{key}" for key in sample if key not in value]
    return missing + [gap for key in sample if key in value for gap in gaps(value[key], sample[key], f"{path}.{key}")]


def live(stripe_sandbox: Stripe) -> None:
    """Everything that can be made, in most of its states."""
    v1 = stripe_sandbox.v1
    v1.webhook_endpoints.create({"url": "http://127.0.0.1:9/", "enabled_events": ["*"]})
    clock = v1.test_helpers.test_clocks.create({"frozen_time": stripe_sandbox.now})
    price, dear = stripe_sandbox.price(), stripe_sandbox.price(5900)
    title = {"custom_fields": [{"name": "发票抬头", "value": "杭州青禾"}]}
    customer = stripe_sandbox.customer(test_clock=clock.id, address={"city": "杭州", "country": "CN"}, invoice_settings=title)
    v1.customers.tax_ids.create(customer.id, {"type": "cn_tin", "value": "91330100MA27XYZ123"})
    rented = stripe_sandbox.subscribe(customer, price, 3, metadata={"tenant": "t_abc"})
    item = rented["items"].data[0].id
    v1.test_helpers.test_clocks.advance(clock.id, {"frozen_time": stripe_sandbox.now + 86_400})
    v1.subscriptions.update(rented.id, {"items": [{"id": item, "price": dear.id, "quantity": 9}], "proration_behavior": "always_invoice"})
    paid = stripe_sandbox.invoices(customer)[-1]
    v1.credit_notes.create({"invoice": paid["id"], "amount": 200, "refund_amount": 100, "credit_amount": 100})
    v1.customers.balance_transactions.create(customer.id, {"amount": -2900, "currency": "cny", "description": "A month's credit"})
    v1.invoice_items.create({"customer": customer.id, "amount": 500, "currency": "cny"})
    v1.subscription_schedules.create({"from_subscription": rented.id})
    _fail(stripe_sandbox, price)
    _click(stripe_sandbox, price)


def _fail(stripe_sandbox: Stripe, price: Any) -> None:
    customer = stripe_sandbox.customer("pm_card_chargeCustomerFail")
    stripe_sandbox.subscribe(customer, price)
    stepping = stripe_sandbox.customer("pm_card_authenticationRequired")
    stripe_sandbox.subscribe(stepping, price)
    sending = stripe_sandbox.customer(None)
    rented = stripe_sandbox.subscribe(sending, price, collection_method="send_invoice", days_until_due=7, trial_period_days=3)
    stripe_sandbox.v1.subscriptions.update(rented.id, {"cancel_at_period_end": True, "cancellation_details": {"feedback": "too_expensive"}})
    pending = stripe_sandbox.customer()
    waiting = stripe_sandbox.subscribe(pending, price)
    bad = stripe_sandbox.v1.payment_methods.attach("pm_card_chargeCustomerFail", {"customer": pending.id})
    change = {"items": [{"id": waiting["items"].data[0].id, "quantity": 9}], "proration_behavior": "always_invoice"}
    change |= {"payment_behavior": "pending_if_incomplete", "default_payment_method": bad.id}
    stripe_sandbox.v1.subscriptions.update(waiting.id, change)


def _click(stripe_sandbox: Stripe, price: Any) -> None:
    v1 = stripe_sandbox.v1
    lines = [{"price": price.id, "quantity": 2}]
    session = v1.checkout.sessions.create({"mode": "subscription", "line_items": lines, "success_url": "http://127.0.0.1/?{CHECKOUT_SESSION_ID}"})
    setting = v1.checkout.sessions.create({"mode": "setup", "currency": "cny", "success_url": "http://127.0.0.1/"})
    with stripe_sandbox.sandbox.world() as world:
        for one in (session, setting):
            opened = world.need("checkout.session", one.id)
            complete(world, opened, CARDS["4242424242424242"], email="a@example.com", stepped=False)
    v1.checkout.sessions.create({"mode": "subscription", "line_items": lines, "success_url": "http://127.0.0.1/"})
    customer = v1.checkout.sessions.retrieve(session.id).customer
    flow = {"type": "payment_method_update", "after_completion": {"type": "redirect", "redirect": {"return_url": "http://127.0.0.1/"}}}
    v1.billing_portal.sessions.create({"customer": customer, "return_url": "http://127.0.0.1/", "flow_data": flow})


def everything(stripe_sandbox: Stripe) -> list[JSON]:
    with stripe_sandbox.sandbox.world() as world:
        kept = [thing for kind in BLANKS for thing in world.store.select(kind)]
    return kept + [event["data"]["object"] for event in kept if event["object"] == "event"]


def test_objects_are_what_stripe_and_its_library_say(stripe_sandbox: Stripe) -> None:
    live(stripe_sandbox)
    shown = stripe_sandbox.v1
    session = shown.checkout.sessions.list({"limit": 1, "expand": ["data.line_items"]}).data[0].to_dict()
    preview = shown.invoices.create_preview({"subscription": shown.subscriptions.list({"status": "active"}).data[0].id}).to_dict()
    things = [*everything(stripe_sandbox), _wired(session["line_items"]["data"][0])]

    wrong = {gap for thing in things for gap in gaps(thing, SAMPLES.get(thing["object"], {}), thing["object"])}
    wrong |= {difference for thing in [*things, _wired(preview)] for difference in differences(thing)}
    assert "\n".join(sorted(wrong)) == ""
    made = {thing["object"] for thing in things} | {"line_item", "subscription_item", "plan", "credit_note_line_item"}
    assert set(SAMPLES) - made == set(), "a kind of object that nothing here makes"


def _wired(value: Any) -> Any:
    """What the library made numbers of is text on the wire."""
    return json.loads(json.dumps(value, default=str))


def test_blanks_have_every_key() -> None:
    assert {kind: missing for kind, sample in SAMPLES.items() if (missing := set(sample) - set(BLANKS[kind]))} == {}


def test_the_comparison_finds_what_is_wrong() -> None:
    price = BLANKS["price"] | {"unit_amount": "29", "type": "often", "object": "price", "spare": 1}
    del price["currency"]
    assert sorted(differences(price)) == [
        "price.currency: missing",
        "price.spare: not declared",
        "price.type: 'often' is none of ('one_time', 'recurring')",
        "price.unit_amount: '29' is no int",
    ]
    assert gaps({"a": {"b": 1}}, {"a": {"b": 1, "c": 2}, "d": 3}, "x") == ["x.d", "x.a.c"]
