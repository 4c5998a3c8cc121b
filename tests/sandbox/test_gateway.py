"""Zuke's own gateway against the stand-in: values of ours go in and come out, and everything it does happens once."""

import datetime as dt
import json
from collections.abc import Iterator
from decimal import Decimal

import pytest

from saas.billing.asking import product_id
from saas.billing.gateway import Gateway
from saas.billing.offers import steps
from saas.billing.values import CardDeclined, Forged, GatewayMisused, Later, NoLongerThere, PaymentsAway, Rented, RentsAlready, Title
from saas.plans.catalogue import CATALOGUE, Plan, rentable
from sandbox.stripe.app import make_app
from sandbox.stripe.deliveries import signature
from tests.world.stripe import KEY, START, Stripe

AT = dt.datetime.fromtimestamp(START, dt.UTC)
DAY = dt.timedelta(days=1)
GOOD, BAD = "4242424242424242", "4000000000000341"


@pytest.fixture
def gateway(stripe_sandbox: Stripe) -> Iterator[Gateway]:
    made = Gateway(KEY, base=stripe_sandbox.sandbox.address)
    for step in steps(rentable(), made.offers()):
        step.do(made)
    yield made
    made.close()


@pytest.fixture
def payer(gateway: Gateway) -> str:
    return gateway.open_payer("杭州青禾", "boss@qinghe.example", tenant="t_alpha", key="payer")


def check_out(stripe_sandbox: Stripe, gateway: Gateway, payer: str, seats: int = 5, card: str = GOOD, trial: dt.datetime | None = None) -> Rented:
    """Clicks through the page."""
    urls = {"back": "http://127.0.0.1:1/back?s={CHECKOUT_SESSION_ID}", "away": "http://127.0.0.1:1/plan"}
    place = gateway.check_out(payer, "standard", seats, tenant="t_alpha", trial_ends_at=trial, at=AT, key="checkout", **urls)
    browser = make_app(stripe_sandbox.sandbox).test_client()
    browser.post(place.url.removeprefix(stripe_sandbox.sandbox.address), data={"card": card})
    return gateway.subscription(stripe_sandbox.v1.checkout.sessions.retrieve(place.id).subscription)


def test_stripe_is_brought_in_line_with_the_catalogue(gateway: Gateway, stripe_sandbox: Stripe) -> None:
    assert steps(rentable(), gateway.offers()) == [], "done once, nothing is left to do"
    old = {one.plan: one for one in gateway.offers()}["standard"]
    dearer = [Plan("standard", "Standard", Decimal("39.00"), 50, frozenset())]
    found = steps(dearer, gateway.offers())
    assert [one.what for one in found] == ["standard: 29.00 -> 39.00 CNY a seat and month", "professional: Zuke Professional -> not sold any more"]
    for step in found:
        step.do(gateway)
    assert steps(dearer, gateway.offers()) == []
    assert stripe_sandbox.v1.prices.retrieve(old.price_id).active is False
    assert stripe_sandbox.v1.products.retrieve(product_id("professional")).active is False


def test_a_card_subscribes(stripe_sandbox: Stripe, gateway: Gateway, payer: str) -> None:
    rented = check_out(stripe_sandbox, gateway, payer)
    assert (rented.standing, rented.plan, rented.seats, rented.price) == ("active", "standard", 5, CATALOGUE["standard"].price)
    assert (rented.tenant, rented.payer, rented.is_sent) == ("t_alpha", payer, False)
    assert (rented.starts_at, rented.ends_at) == (AT, dt.datetime(2026, 2, 15, 8, 30, tzinfo=dt.UTC))
    assert [one.id for one in gateway.lodgers()] == [rented.id]
    [bill] = gateway.bills(payer)
    assert (bill.state, bill.total, bill.due, bill.subscription) == ("paid", Decimal("145.00"), Decimal(0), rented.id)
    assert gateway.bill(bill.id) == bill


@pytest.mark.parametrize(("left", "granted"), [(10, 10), (1, 2), (-1, None)])
def test_what_is_left_of_the_trial_stays_free(stripe_sandbox: Stripe, gateway: Gateway, payer: str, left: int, granted: int | None) -> None:
    """Checkout takes no trial of less than two days."""
    if left < 0:
        assert check_out(stripe_sandbox, gateway, payer).standing == "active"
        return
    rented = check_out(stripe_sandbox, gateway, payer, trial=AT + left * DAY)
    assert (rented.standing, rented.trial_ends_at) == ("trialing", AT + (granted or 0) * DAY)


def test_a_firm_pays_by_invoices_with_its_title(stripe_sandbox: Stripe, gateway: Gateway, payer: str) -> None:
    for number in ("91330100MA27XYZ123", "91330100MA27XYZ999"):
        gateway.write_title(payer, Title("杭州青禾环保设备有限公司", number), mail="caiwu@qinghe.example", key=number)
    rented = gateway.subscribe_by_invoice(payer, "professional", 3, tenant="t_alpha", trial_ends_at=None, key="sub")
    assert (rented.standing, rented.is_sent, rented.plan) == ("active", True, "professional")
    [bill] = gateway.bills(payer)
    assert (bill.state, bill.due, bill.due_at) == ("open", Decimal("177.00"), AT + 14 * DAY)
    shown = stripe_sandbox.v1.invoices.retrieve(bill.id)
    assert [one.value for one in shown.custom_fields] == ["杭州青禾环保设备有限公司", "91330100MA27XYZ999"]
    assert [one.value for one in shown.customer_tax_ids] == ["91330100MA27XYZ999"]
    with pytest.raises(RentsAlready):
        gateway.subscribe_by_invoice(payer, "professional", 3, tenant="t_alpha", trial_ends_at=None, key="sub")
    assert [one.id for one in gateway.rentals(payer)] == [rented.id]


def test_more_seats_cost_what_was_quoted(stripe_sandbox: Stripe, gateway: Gateway, payer: str) -> None:
    rented = check_out(stripe_sandbox, gateway, payer)
    stripe_sandbox.pass_time(days=7)
    at = AT + 7 * DAY
    quote = gateway.quote(rented, "standard", 8, at=at)
    assert (quote.monthly, quote.now) == (Decimal("232.00"), Decimal("67.35"))
    stripe_sandbox.pass_time(seconds=300)
    for _ in range(2):
        changed = gateway.change_now(rented, "standard", 8, at=at, key="more")
    assert (changed.seats, changed.waits_for) == (8, None)
    assert [one.total for one in gateway.bills(payer)] == [quote.now, Decimal("145.00")]


def test_seats_wait_for_a_card_that_pays(stripe_sandbox: Stripe, gateway: Gateway, payer: str) -> None:
    rented = check_out(stripe_sandbox, gateway, payer)
    bad = stripe_sandbox.v1.payment_methods.attach("pm_card_chargeCustomerFail", {"customer": payer})
    stripe_sandbox.v1.subscriptions.update(rented.id, {"default_payment_method": bad.id})
    waiting = gateway.change_now(rented, "standard", 8, at=AT, key="more")
    assert (waiting.seats, waiting.waits_for, waiting.standing) == (5, 8, "active")
    assert gateway.bills(payer)[0].state == "open"


def test_fewer_seats_come_at_the_renewal_and_can_be_taken_back(stripe_sandbox: Stripe, gateway: Gateway, payer: str) -> None:
    rented = check_out(stripe_sandbox, gateway, payer)
    fewer = gateway.change_at_renewal(rented, "standard", 2, key="fewer")
    assert (fewer.seats, gateway.later(fewer)) == (5, Later("standard", 2, rented.ends_at))
    gateway.keep(fewer, key="keep")
    kept = gateway.subscription(rented.id)
    assert gateway.later(kept) is None
    cheaper = gateway.change_at_renewal(kept, "professional", 1, key="other")
    again = gateway.change_at_renewal(cheaper, "professional", 4, key="third")
    assert gateway.later(again) == Later("professional", 4, rented.ends_at)
    stripe_sandbox.pass_time(days=32)
    renewed = gateway.subscription(rented.id)
    assert (renewed.plan, renewed.seats) == ("professional", 4)
    assert gateway.bills(payer)[0].total == 4 * Decimal("59.00")


def test_an_old_price_stays_with_who_has_it(stripe_sandbox: Stripe, gateway: Gateway, payer: str) -> None:
    rented = check_out(stripe_sandbox, gateway, payer)
    gateway.put_price("standard", Decimal("99.00"), instead_of=rented.price_id)
    assert gateway.quote(rented, "standard", 6, at=AT).monthly == 6 * Decimal("29.00")
    assert gateway.change_now(rented, "standard", 6, at=AT, key="more").price == Decimal("29.00")


def test_cancelled_and_resumed_and_ended(stripe_sandbox: Stripe, gateway: Gateway, payer: str) -> None:
    rented = gateway.change_at_renewal(check_out(stripe_sandbox, gateway, payer), "standard", 2, key="fewer")
    stopping = gateway.cancel(rented, key="stop")
    assert (stopping.stops_at, stopping.schedule) == (rented.ends_at, None)
    assert gateway.resume(stopping, key="go").stops_at is None
    assert gateway.end(rented.id, key="end").standing == "canceled"
    assert list(gateway.lodgers()) == []


def test_credit_is_given_once(gateway: Gateway, payer: str) -> None:
    for _ in range(2):
        gateway.credit(payer, Decimal("29.00"), "A month for a referral", key="credit")
    assert gateway.credit_of(payer) == Decimal("29.00")


def test_the_portal_leads_back(gateway: Gateway, payer: str) -> None:
    assert gateway.portal(payer, "http://127.0.0.1:1/plan").url.startswith("http://127.0.0.1:")
    assert gateway.portal(payer, "http://127.0.0.1:1/plan", card_only=True).id.startswith("bps_")


def test_errors_are_said_in_our_words(stripe_sandbox: Stripe, gateway: Gateway, payer: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("saas.billing.gateway.line.RETRIES", 0)  # or each would be waited for
    with pytest.raises(NoLongerThere):
        gateway.subscription("sub_none")
    with pytest.raises(GatewayMisused, match="stripe-plans"):
        gateway.subscribe_by_invoice(payer, "gold", 1, tenant="t_alpha", trial_ends_at=None, key="gold")
    with pytest.raises(GatewayMisused):
        Gateway("sk_wrong", base=stripe_sandbox.sandbox.address).offers()
    with pytest.raises(PaymentsAway):
        Gateway(KEY, base="http://127.0.0.1:9").credit_of(payer)
    with pytest.raises(CardDeclined):
        check_out_without_page(stripe_sandbox, gateway, payer)


def check_out_without_page(stripe_sandbox: Stripe, gateway: Gateway, payer: str) -> None:
    from saas.billing.gateway.line import refusals

    with refusals():
        stripe_sandbox.v1.payment_methods.attach("pm_card_chargeDeclined", {"customer": payer})


def sealed(at: dt.datetime, by: str = "whsec_new") -> tuple[bytes, str]:
    event = {
        "id": "evt_1",
        "object": "event",
        "type": "invoice.paid",
        "created": START,
        "data": {"object": {"id": "in_1", "object": "invoice", "customer": "cus_1"}},
    }
    body = json.dumps(event)
    return body.encode(), signature(body, [by], int(at.timestamp()))


@pytest.mark.parametrize("secret", ["whsec_new", "whsec_old"])
def test_a_notice_is_read_with_either_secret(secret: str) -> None:
    notice = Gateway.read(*sealed(AT, secret), ["whsec_new", "whsec_old"], now=AT + dt.timedelta(seconds=299))
    assert (notice.id, notice.kind, notice.about, notice.payer, notice.at) == ("evt_1", "invoice.paid", "in_1", "cus_1", AT)


@pytest.mark.parametrize("off", [-301, 301, 86_400, -86_400])
def test_a_notice_from_the_past_or_the_future_is_refused(off: int) -> None:
    with pytest.raises(Forged):
        Gateway.read(*sealed(AT + dt.timedelta(seconds=off)), ["whsec_new"], now=AT)


@pytest.mark.parametrize("header", ["", "t=", "v1=abc", "t=1768465800", "t=1768465800,v1=abc", "t=x,v1=abc", "t=1768465800,v0=abc"])
def test_a_forged_notice_is_refused(header: str) -> None:
    body, _ = sealed(AT)
    with pytest.raises(Forged):
        Gateway.read(body, header, ["whsec_new", ""], now=AT)


def test_a_changed_or_broken_body_is_refused() -> None:
    body, header = sealed(AT)
    for wrong in (body.replace(b"in_1", b"in_2"), b"\xff\xfe", b""):
        with pytest.raises(Forged):
            Gateway.read(wrong, header, ["whsec_new"], now=AT)
