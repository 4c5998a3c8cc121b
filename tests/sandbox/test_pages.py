"""The pages that a customer clicks through, and the one about everything. Plain forms, no script."""

import re
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from sandbox.stripe import words
from sandbox.stripe.app import make_app
from sandbox.stripe.cards import CARDS
from sandbox.stripe.home_page import KINDS, STEPS
from sandbox.stripe.renewal import ANSWERS
from tests.world.stripe import DAY, START, Stripe

GOOD, DECLINED, STEPPING = "4242424242424242", "4000000000000002", "4000002500003155"
ROOT = Path(__file__).parents[2]


@pytest.fixture
def browser(stripe_sandbox: Stripe) -> FlaskClient:
    return make_app(stripe_sandbox.sandbox).test_client()


def path(stripe_sandbox: Stripe, url: str) -> str:
    return url.removeprefix(stripe_sandbox.sandbox.address)


def check_out(stripe_sandbox: Stripe, **more: Any) -> tuple[Any, str]:
    lines = [{"price": stripe_sandbox.price().id, "quantity": 3}]
    asked = {"mode": "subscription", "line_items": lines, "success_url": "http://127.0.0.1:1/back?s={CHECKOUT_SESSION_ID}", **more}
    session = stripe_sandbox.v1.checkout.sessions.create(asked)
    return session, path(stripe_sandbox, session.url)


def test_a_card_subscribes_and_leads_back(stripe_sandbox: Stripe, browser: FlaskClient) -> None:
    customer = stripe_sandbox.customer(None)
    session, page = check_out(stripe_sandbox, customer=customer.id, subscription_data={"metadata": {"tenant": "t_abc"}}, client_reference_id="t_abc")
    shown = browser.get(page, headers={"Accept-Language": "en"}).text
    assert "3 × Standard" in shown
    assert "¥87.00" in shown

    gone = browser.post(page, data={"card": GOOD})
    assert (gone.status_code, gone.headers["Location"]) == (303, f"http://127.0.0.1:1/back?s={session.id}")
    now = stripe_sandbox.v1.checkout.sessions.retrieve(session.id, {"expand": ["subscription"]})
    assert (now.status, now.payment_status, now.subscription.status) == ("complete", "paid", "active")
    assert now.subscription.metadata["tenant"] == "t_abc"
    assert now.subscription.default_payment_method.startswith("pm_")
    kinds = stripe_sandbox.kinds()
    assert kinds.index("customer.subscription.created") < kinds.index("invoice.paid") < kinds.index("checkout.session.completed")
    assert browser.post(page, data={"card": GOOD}).status_code == 303, "twice leads back too"
    assert len(stripe_sandbox.v1.subscriptions.list().data) == 1


def test_a_declined_card_leaves_the_page_open_and_nothing_behind(stripe_sandbox: Stripe, browser: FlaskClient) -> None:
    _, page = check_out(stripe_sandbox)
    for card in (DECLINED, "4000000000000341"):
        answer = browser.post(page, data={"card": card, "email": "a@example.com"})
        assert answer.status_code == 422
        assert "Your card was declined." in answer.text
    assert stripe_sandbox.v1.customers.list().data == []
    assert browser.post(page, data={"card": GOOD, "email": "a@example.com"}).status_code == 303
    assert stripe_sandbox.v1.customers.list().data[0].email == "a@example.com"


def test_a_second_step_is_asked_for_and_remembered(stripe_sandbox: Stripe, browser: FlaskClient) -> None:
    session, page = check_out(stripe_sandbox)
    asked = browser.post(page, data={"card": STEPPING, "email": "a@example.com"}, headers={"Accept-Language": "en"})
    assert "Your bank asks" in asked.text
    assert browser.post(page, data={"card": STEPPING, "email": "a@example.com", "step": "failed"}).status_code == 422
    assert browser.post(page, data={"card": STEPPING, "email": "a@example.com", "step": "passed"}).status_code == 303
    stripe_sandbox.pass_time(days=32)
    rented = stripe_sandbox.v1.checkout.sessions.retrieve(session.id, {"expand": ["subscription.latest_invoice"]}).subscription
    assert (rented.status, rented.latest_invoice.status) == ("active", "paid")


def test_a_trial_costs_nothing_today(stripe_sandbox: Stripe, browser: FlaskClient) -> None:
    session, page = check_out(stripe_sandbox, subscription_data={"trial_end": START + 10 * DAY})
    assert "¥0.00" in browser.get(page).text
    browser.post(page, data={"card": GOOD, "email": "a@example.com"})
    now = stripe_sandbox.v1.checkout.sessions.retrieve(session.id, {"expand": ["subscription"]})
    assert (now.payment_status, now.subscription.status) == ("no_payment_required", "trialing")


def test_a_page_that_is_over_says_so(stripe_sandbox: Stripe, browser: FlaskClient) -> None:
    session, page = check_out(stripe_sandbox)
    stripe_sandbox.pass_time(days=1, seconds=1)
    assert stripe_sandbox.v1.checkout.sessions.retrieve(session.id).status == "expired"
    assert "checkout.session.expired" in stripe_sandbox.kinds()
    assert "此页面已失效" in browser.get(page).text
    assert browser.post(page, data={"card": GOOD, "email": "a@example.com"}).status_code == 422


def test_a_card_can_be_kept_for_later(stripe_sandbox: Stripe, browser: FlaskClient) -> None:
    customer = stripe_sandbox.customer(None)
    asked = {"mode": "setup", "customer": customer.id, "currency": "cny", "success_url": "http://127.0.0.1:1/"}
    session = stripe_sandbox.v1.checkout.sessions.create(asked)
    assert browser.post(path(stripe_sandbox, session.url), data={"card": GOOD}).status_code == 303
    done = stripe_sandbox.v1.checkout.sessions.retrieve(session.id, {"expand": ["setup_intent"]})
    assert (done.setup_intent.status, done.setup_intent.payment_method[:3]) == ("succeeded", "pm_")


def send(stripe_sandbox: Stripe) -> tuple[Any, str]:
    customer = stripe_sandbox.customer(None, tax_id_data=[{"type": "cn_tin", "value": "91330100MA27XYZ123"}])
    rented = stripe_sandbox.subscribe(customer, stripe_sandbox.price(), 5, collection_method="send_invoice", days_until_due=14)
    invoice = stripe_sandbox.v1.invoices.send_invoice(rented.latest_invoice)
    return invoice, path(stripe_sandbox, invoice.hosted_invoice_url)


@pytest.mark.parametrize("way", [GOOD, "alipay", "wechat_pay", "customer_balance"])
def test_a_sent_invoice_is_paid_on_its_page(stripe_sandbox: Stripe, browser: FlaskClient, way: str) -> None:
    invoice, page = send(stripe_sandbox)
    assert "91330100MA27XYZ123" in browser.get(page).text
    assert browser.post(page, data={"card": way}).status_code == 303
    assert stripe_sandbox.v1.invoices.retrieve(invoice.id).status == "paid"
    assert 'method="post"' not in browser.get(page).text
    assert browser.post(page, data={"card": way}).status_code == 422


def test_a_try_that_fails_on_the_page_stays_known(stripe_sandbox: Stripe, browser: FlaskClient) -> None:
    invoice, page = send(stripe_sandbox)
    assert browser.post(page, data={"card": DECLINED}).status_code == 422
    assert browser.post(page, data={"card": STEPPING, "step": "failed"}).status_code == 422
    assert browser.post(page, data={"card": "cash"}).status_code == 422
    assert stripe_sandbox.v1.invoices.retrieve(invoice.id).attempt_count == 1
    assert browser.post(page, data={"card": STEPPING, "step": "passed"}).status_code == 303


def test_an_invoice_is_a_real_pdf(stripe_sandbox: Stripe, browser: FlaskClient) -> None:
    _, page = send(stripe_sandbox)
    answer = browser.get(f"{page}/pdf")
    assert (answer.mimetype, answer.data[:8]) == ("application/pdf", b"%PDF-1.4")
    assert "杭州青禾环保设备有限公司".encode("utf-16-be").hex().encode() in answer.data
    start = int(answer.data.rpartition(b"startxref\n")[2].split()[0])
    table = answer.data[start:].split(b"\n")[3:11]
    assert [answer.data[int(row[:10]) :].split(b" ", 1)[0] for row in table] == [b"%d" % number for number in range(1, 9)]


def test_the_portal_changes_the_card_and_ends_the_subscription(stripe_sandbox: Stripe, browser: FlaskClient) -> None:
    customer = stripe_sandbox.customer()
    rented = stripe_sandbox.subscribe(customer, stripe_sandbox.price())
    portal = stripe_sandbox.v1.billing_portal.sessions.create({"customer": customer.id, "return_url": "http://127.0.0.1:1/plan"})
    page = path(stripe_sandbox, portal.url)
    shown = browser.get(page).text
    assert stripe_sandbox.invoices(customer)[0]["number"] in shown
    assert "http://127.0.0.1:1/plan" in shown

    browser.post(f"{page}/card", data={"card": "5555555555554444"})
    kept = stripe_sandbox.v1.customers.retrieve(customer.id, {"expand": ["invoice_settings.default_payment_method"]})
    assert kept.invoice_settings.default_payment_method.card.brand == "mastercard"
    assert browser.post(f"{page}/card", data={"card": DECLINED}).status_code == 422
    browser.post(f"{page}/subscriptions/{rented.id}", data={"stops": "1"})
    assert stripe_sandbox.subscription(rented)["cancel_at_period_end"] is True
    browser.post(f"{page}/subscriptions/{rented.id}", data={"stops": "0"})
    assert stripe_sandbox.subscription(rented)["cancel_at_period_end"] is False
    browser.post(f"{page}/payer", data={"name": "新抬头"})
    assert stripe_sandbox.v1.customers.retrieve(customer.id).name == "新抬头"


def test_the_portal_does_what_its_configuration_allows(stripe_sandbox: Stripe, browser: FlaskClient) -> None:
    customer = stripe_sandbox.customer()
    rented = stripe_sandbox.subscribe(customer, stripe_sandbox.price())
    rules = stripe_sandbox.v1.billing_portal.configurations.create({"features": {"payment_method_update": {"enabled": True}}})
    flow = {"type": "payment_method_update", "after_completion": {"type": "redirect", "redirect": {"return_url": "http://127.0.0.1:1/plan"}}}
    portal = stripe_sandbox.v1.billing_portal.sessions.create({"customer": customer.id, "configuration": rules.id, "flow_data": flow})
    page = path(stripe_sandbox, portal.url)
    assert browser.post(f"{page}/subscriptions/{rented.id}", data={"stops": "1"}).status_code == 404
    assert browser.post(f"{page}/card", data={"card": GOOD}).headers["Location"] == "http://127.0.0.1:1/plan"


def test_who_has_not_the_address_sees_nothing(stripe_sandbox: Stripe, browser: FlaskClient) -> None:
    _, page = check_out(stripe_sandbox)
    _, bill = send(stripe_sandbox)
    for one in (page, bill):
        assert browser.get(one[:-1]).status_code == 404
        assert browser.post(f"{one.rpartition('/')[0]}/x", data={"card": GOOD}).status_code == 404


def test_a_form_of_another_site_is_refused(stripe_sandbox: Stripe, browser: FlaskClient) -> None:
    assert browser.post("/sandbox/clock", data={"step": "day"}, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert stripe_sandbox.now == START


def test_time_is_put_forward_on_the_page(stripe_sandbox: Stripe, browser: FlaskClient) -> None:
    stripe_sandbox.subscribe(stripe_sandbox.customer(), stripe_sandbox.price(), trial_period_days=7)
    assert browser.post("/sandbox/clock", data={"step": "day"}).status_code == 303
    assert browser.post("/sandbox/clock", data={"seconds": "60"}).status_code == 303
    assert (browser.get("/sandbox/clock").json or {})["now"] == START + DAY + 60
    browser.post("/sandbox/clock", data={"step": "next"})
    assert stripe_sandbox.now == START + 4 * DAY, "three days before the trial ends"
    for wrong in ("0", "-5", "x", "9" * 20):
        assert browser.post("/sandbox/clock", data={"seconds": wrong}).status_code == 422


def test_switches_are_kept_and_bounded(stripe_sandbox: Stripe, browser: FlaskClient) -> None:
    browser.post("/sandbox/switches", data={"duplicate": "2", "delay": "5", "drop": "10", "reorder": "1", "after": "canceled"})
    shown = browser.get("/").text
    assert 'value="2"' in shown
    assert "checked" in shown
    assert browser.post("/sandbox/switches", data={"drop": "101"}).status_code == 422
    bad = stripe_sandbox.customer("pm_card_chargeCustomerFail")
    rented = stripe_sandbox.subscribe(bad, stripe_sandbox.price(), trial_period_days=1)
    stripe_sandbox.pass_time(days=20)
    assert stripe_sandbox.subscription(rented)["status"] == "canceled"


def test_everything_can_be_looked_at(stripe_sandbox: Stripe, browser: FlaskClient) -> None:
    endpoint = stripe_sandbox.v1.webhook_endpoints.create({"url": "http://127.0.0.1:9/", "enabled_events": ["*"]})
    check_out(stripe_sandbox)
    customer = stripe_sandbox.customer()
    rented = stripe_sandbox.subscribe(customer, stripe_sandbox.price())
    for language in ("zh-CN", "en"):
        for kind in KINDS:
            assert browser.get(f"/?show={kind}", headers={"Accept-Language": language}).status_code == 200
    assert customer.id in browser.get(f"/objects/{rented.id}").text
    event = stripe_sandbox.v1.events.list({"limit": 1}).data[0]
    assert browser.post(f"/sandbox/events/{event.id}/redelivery").status_code == 303
    assert "whsec_" in browser.post(f"/sandbox/endpoints/{endpoint.id}/secret").text
    assert browser.get("/?show=nothing").status_code == 404
    assert browser.get("/objects/none").status_code == 404


def test_nothing_is_inline(stripe_sandbox: Stripe, browser: FlaskClient) -> None:
    _, page = check_out(stripe_sandbox)
    for answer in (browser.get(page), browser.get("/")):
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'self'")
        assert not re.search(r"<script| style=| on\w+=", answer.text)


def test_every_word_has_its_chinese() -> None:
    templates = "".join(file.read_text() for file in (ROOT / "sandbox" / "stripe" / "templates").glob("*.html"))
    used = {one or other for one, other in re.findall(r"""_\((?:"([^"]+)"|'([^']+)')\)""", templates)}
    assert used - set(words.CHINESE) == set()
    assert {card.what for card in CARDS.values()} | set(KINDS) | set(STEPS) | set(ANSWERS) <= set(words.CHINESE)
