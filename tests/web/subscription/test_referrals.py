"""A tenant brings another: credited when the first bill is paid and it is really another company, once, and for both."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import Engine, select

from saas.billing import referrals
from saas.billing.gateway import Gateway
from saas.billing.models import Referral, Subscription
from saas.identity.models import Membership, Person
from saas.registry.models import Tenant as TenantRow
from tenants.wall.session import landlord_plane, open_session
from tenants.wall.tenant import Tenant
from tests.web.subscription.conftest import AT, DAY, PAGE
from tests.world.cast import fixed_id
from tests.world.door import Guest
from tests.world.stripe import Stripe

Decide = Callable[[], Referral | None]


@pytest.fixture
def decide(subscribed: Subscription, engine: Engine, beta: Tenant, gateway: Gateway, stripe_sandbox: Stripe) -> Decide:
    """Beta came by alpha's link, and has a card of its own that pays two seats."""
    with open_session(engine, landlord_plane()) as session:
        payer = gateway.open_payer("Beta", "charlie@beta.example", tenant=str(beta.id), key="beta")
        card = stripe_sandbox.v1.payment_methods.attach("pm_card_mastercard", {"customer": payer})
        stripe_sandbox.v1.customers.update(payer, {"invoice_settings": {"default_payment_method": card.id}})
        session.add(Subscription(tenant_id=beta.id, payer=payer, plan="standard", seats=2, price=Decimal("29.00"), standing="active"))
        referrals.came(session, beta.id, referrals.code_of(session, subscribed.tenant_id), at=AT)
        session.commit()

    def once() -> Referral | None:
        with open_session(engine, landlord_plane()) as session:
            found = referrals.decide(session, gateway, beta.id, at=AT + DAY)
            session.commit()
            return found

    return once


def pay(gateway: Gateway, stripe_sandbox: Stripe, engine: Engine, beta: Tenant) -> str:
    with open_session(engine, landlord_plane()) as session:
        payer = session.get_one(Subscription, beta.id).payer
    price = stripe_sandbox.v1.prices.list({"lookup_keys": ["zuke_standard"]}).data[0]
    stripe_sandbox.v1.subscriptions.create({"customer": payer, "items": [{"price": price.id, "quantity": 2}], "metadata": {"tenant": str(beta.id)}})
    return payer


def test_both_get_a_month_once_the_first_bill_is_paid(
    decide: Decide, subscribed: Subscription, gateway: Gateway, stripe_sandbox: Stripe, engine: Engine, beta: Tenant, alice: Guest
) -> None:
    assert decide() is None, "nothing is paid yet"
    assert "Has not paid yet" in alice.get(f"{PAGE}/referrals").text
    stripe_sandbox.pass_time(days=20)
    payer = pay(gateway, stripe_sandbox, engine, beta)
    made = decide()
    assert made is not None
    assert (made.state, made.amount, made.referrer_amount) == ("credited", Decimal("58.00"), Decimal("145.00"))
    assert decide() is None, "it is decided once"
    assert (gateway.credit_of(payer), gateway.credit_of(subscribed.payer)) == (Decimal("58.00"), Decimal("145.00"))
    html = alice.get(f"{PAGE}/referrals").text
    assert "Credited" in html
    assert "¥145.00 for you" in html


def test_who_dies_between_the_credits_and_the_record_credits_once(
    decide: Decide, subscribed: Subscription, gateway: Gateway, stripe_sandbox: Stripe, engine: Engine, beta: Tenant
) -> None:
    stripe_sandbox.pass_time(days=20)
    payer = pay(gateway, stripe_sandbox, engine, beta)
    with open_session(engine, landlord_plane()) as session:
        referrals.decide(session, gateway, beta.id, at=AT + DAY)
        session.rollback()
    assert decide() is not None
    assert (gateway.credit_of(payer), gateway.credit_of(subscribed.payer)) == (Decimal("58.00"), Decimal("145.00"))


@pytest.mark.parametrize("what", ["people", "domain", "card", "tax_number"])
def test_the_same_company_gets_nothing(
    decide: Decide, what: str, subscribed: Subscription, gateway: Gateway, stripe_sandbox: Stripe, engine: Engine, beta: Tenant, alice: Guest
) -> None:
    payer = pay(gateway, stripe_sandbox, engine, beta)
    with open_session(engine, landlord_plane()) as session:
        if what == "people":
            session.add(Membership(person_id=fixed_id("charlie"), tenant_id=subscribed.tenant_id, created_at=AT, ended_at=AT + DAY))
            session.get_one(Person, fixed_id("charlie")).mail = "charlie@qq.com"
        elif what == "domain":
            session.get_one(Person, fixed_id("charlie")).mail = "charlie@alpha.example"
        elif what == "tax_number":
            session.get_one(Subscription, beta.id).tax_number = "91330100MA27XYZ123"
        else:
            stripe_sandbox.v1.payment_methods.attach("pm_card_visa", {"customer": payer})
        session.commit()
    made = decide()
    assert made is not None
    assert made.state == "refused"
    assert [key for key, fine in made.checks.items() if not fine] == [what]
    assert gateway.credit_of(payer) == gateway.credit_of(subscribed.payer) == 0
    assert "Not credited" in alice.get(f"{PAGE}/referrals").text


def test_an_address_at_a_public_provider_says_nothing(decide: Decide, gateway: Gateway, stripe_sandbox: Stripe, engine: Engine, beta: Tenant) -> None:
    pay(gateway, stripe_sandbox, engine, beta)
    with open_session(engine, landlord_plane()) as session:
        for name in ("alice", "charlie"):
            session.get_one(Person, fixed_id(name)).mail = f"{name}@qq.com"
        session.commit()
    made = decide()
    assert made is not None
    assert made.state == "credited"


def test_who_follows_the_link_and_signs_up_came_by_it(
    app: Flask, alice: Guest, client_of: Callable[[str], Guest], engine: Engine, alpha: Tenant
) -> None:
    link = alice.get(f"{PAGE}/referrals").text.split("/r/")[1].split("<")[0]
    stranger = client_of("anonymous")
    assert stranger.get(f"/r/{link}").status_code == 303
    form = {"company": "Gamma", "slug": "gamma", "name": "Gus", "mail": "gus@gamma.example", "password": "a long sentence of mine", "language": "en"}
    assert stranger.post("/sign-up", data=form).status_code == 303
    other = client_of("anonymous")
    other.get("/r/nobody")
    again = form | {"company": "Delta", "slug": "delta", "mail": "dora@delta.example"}
    assert other.post("/sign-up", data=again).status_code == 303
    with open_session(engine, landlord_plane()) as session:
        rows = session.execute(select(TenantRow.slug, Referral.referrer_id).join(Referral, Referral.tenant_id == TenantRow.id)).all()
    assert [tuple(row) for row in rows] == [("gamma", alpha.id)]


@pytest.mark.parametrize(("days", "referrer"), [(5, "58.00"), (20, "145.00")])
def test_what_nobody_has_paid_is_not_credited(
    decide: Decide, days: int, referrer: str, subscribed: Subscription, gateway: Gateway, stripe_sandbox: Stripe, engine: Engine, beta: Tenant
) -> None:
    """In a trial seats change at once and cost nothing; by invoice they are there before they are paid."""
    stripe_sandbox.pass_time(days=days)
    with open_session(engine, landlord_plane()) as session:
        for tenant_id in (subscribed.tenant_id, beta.id):
            session.get_one(Subscription, tenant_id).seats = 9000
        session.commit()
    payer = pay(gateway, stripe_sandbox, engine, beta)
    made = decide()
    assert made is not None
    assert (made.amount, made.referrer_amount) == (Decimal("58.00"), Decimal(referrer))
    assert (gateway.credit_of(payer), gateway.credit_of(subscribed.payer)) == (Decimal("58.00"), Decimal(referrer))


def test_a_link_that_was_forged_stops_no_sign_up(client_of: Callable[[str], Guest], alice: Guest) -> None:
    stranger = client_of("anonymous")
    assert stranger.get("/r/%00").status_code < 500
    form = {"company": "Gamma", "slug": "gamma", "name": "Gus", "mail": "gus@gamma.example", "password": "a long sentence of mine", "language": "en"}
    stranger.set_cookie("zuke-by", "a\x00b")
    assert stranger.post("/sign-up", data=form).status_code == 303


def test_who_comes_when_the_sandbox_is_months_ahead_has_a_whole_trial(
    gateway: Gateway, client_of: Callable[[str], Guest], engine: Engine, stripe_sandbox: Stripe
) -> None:
    stripe_sandbox.pass_time(days=700)
    form = {"company": "Gamma", "slug": "gamma", "name": "Gus", "mail": "gus@gamma.example", "password": "a long sentence of mine", "language": "en"}
    assert client_of("anonymous").post("/sign-up", data=form).status_code == 303
    with open_session(engine, landlord_plane()) as session:
        row = session.scalars(select(TenantRow).where(TenantRow.slug == "gamma")).one()
    assert row.trial_ends_at is not None
    assert row.trial_ends_at > AT + 725 * DAY
