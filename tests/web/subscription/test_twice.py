"""Nobody rents twice: a second page closes the first, a second order is refused, and what came to be twice all the same is ended and paid back."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine, select

from saas.billing.gateway import Gateway
from saas.billing.models import Subscription
from saas.billing.values import GivenBack
from saas.registry.models import Tenant as TenantRow
from saas.registry.models import TenantChange
from tenants.wall.session import landlord_plane, open_session
from tests.web.subscription.conftest import BAD, ORDER, PAGE
from tests.world.door import Guest
from tests.world.engine_room import Inbox
from tests.world.stripe import Stripe
from workers import rent_night
from workers.promises import deliver
from workers.tenancy import House, Ring

Look = Callable[[], tuple[TenantRow, Subscription | None]]
Click = Callable[..., str]


def live(stripe_sandbox: Stripe) -> list[Any]:
    return [one for one in stripe_sandbox.v1.subscriptions.list({"status": "all"}).data if one.status in ("active", "trialing", "past_due")]


def open_pages(stripe_sandbox: Stripe) -> list[str]:
    return [one.url for one in stripe_sandbox.v1.checkout.sessions.list({"status": "open"}).data]


def test_a_second_page_closes_the_first(alice: Guest, click: Click, look: Look, stripe_sandbox: Stripe) -> None:
    first, second = (alice.post(f"{PAGE}/new", data=ORDER | {"seats": seats}).location for seats in ("5", "7"))
    assert open_pages(stripe_sandbox) == [second]
    click(first)
    assert live(stripe_sandbox) == [], "nothing can be paid on it any more"
    alice.get(click(second))
    assert look()[0].seats == 7
    assert len(live(stripe_sandbox)) == 1


def test_a_double_click_leads_to_one_page(alice: Guest, click: Click, stripe_sandbox: Stripe) -> None:
    first, second = (alice.post(f"{PAGE}/new", data=ORDER | {"once": "form-1"}).location for _ in range(2))
    assert first == second
    assert open_pages(stripe_sandbox) == [first]
    click(second)
    assert len(live(stripe_sandbox)) == 1


def test_the_same_form_with_other_words_is_another_page(alice: Guest, stripe_sandbox: Stripe) -> None:
    """Back from the page of the card, and more seats."""
    first, second = (alice.post(f"{PAGE}/new", data=ORDER | {"once": "form-1", "seats": seats}).location for seats in ("5", "6"))
    assert open_pages(stripe_sandbox) == [second] != [first]


def test_a_form_whose_page_was_closed_gets_a_new_one(alice: Guest, stripe_sandbox: Stripe) -> None:
    first = alice.post(f"{PAGE}/new", data=ORDER | {"once": "form-1"}).location
    alice.post(f"{PAGE}/new", data=ORDER | {"once": "form-2"})
    again, and_again = (alice.post(f"{PAGE}/new", data=ORDER | {"once": "form-1"}).location for _ in range(2))
    assert first != again == and_again
    assert open_pages(stripe_sandbox) == [again]


@pytest.mark.parametrize("means", ["card", "invoice"])
def test_what_is_rented_at_stripe_is_not_rented_again(alice: Guest, click: Click, look: Look, stripe_sandbox: Stripe, means: str) -> None:
    """Our row does not know it yet: the browser did not come back, and no notice has come."""
    click(alice.post(f"{PAGE}/new", data=ORDER | {"once": "form-1"}).location)
    assert look()[0].state == "trial"
    answer = alice.post(f"{PAGE}/new", data=ORDER | {"once": "form-1", "means": means})
    assert answer.location.endswith(PAGE)
    assert "somebody was quicker" in alice.get(PAGE).text
    assert look()[0].state == "active"
    assert (len(live(stripe_sandbox)), open_pages(stripe_sandbox)) == (1, [])


def test_a_page_that_is_paid_while_another_one_opens(
    alice: Guest, click: Click, gateway: Gateway, stripe_sandbox: Stripe, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the look at Stripe and the closing of the other pages."""
    first = alice.post(f"{PAGE}/new", data=ORDER).location
    monkeypatch.setattr(gateway, "_open_page", paying_first(gateway._open_page, lambda: click(first)))
    assert alice.post(f"{PAGE}/new", data=ORDER).location.endswith(PAGE)
    assert (len(live(stripe_sandbox)), open_pages(stripe_sandbox)) == (1, [])


def paying_first(then: Callable[..., Any], pay: Callable[[], object]) -> Callable[..., Any]:
    def opened(*asked: Any) -> Any:
        made = then(*asked)
        pay()
        return made

    return opened


def test_subscribing_by_invoice_closes_the_pages(alice: Guest, click: Click, look: Look, stripe_sandbox: Stripe) -> None:
    first = alice.post(f"{PAGE}/new", data=ORDER).location
    alice.post(f"{PAGE}/new", data=ORDER | {"means": "invoice"})
    click(first)
    assert len(live(stripe_sandbox)) == 1


def beside(stripe_sandbox: Stripe, row: Subscription, seats: int = 3, **more: Any) -> Any:
    """A second subscription, as none of our pages lets it come to be."""
    price = stripe_sandbox.v1.prices.list({"lookup_keys": ["zuke_standard"]}).data[0].id
    card = stripe_sandbox.v1.payment_methods.attach("pm_card_visa", {"customer": row.payer})
    asked = {"customer": row.payer, "items": [{"price": price, "quantity": seats}], "metadata": {"tenant": str(row.tenant_id)}}
    return stripe_sandbox.v1.subscriptions.create(asked | ({} if more else {"default_payment_method": card.id}) | more)


def keep_promises(house: House) -> None:
    for _ in range(3):
        deliver(Ring(house, "main", None))


def test_the_younger_one_is_ended_paid_back_and_told(
    subscribed: Subscription, look: Look, house: House, stripe_sandbox: Stripe, inbox: Inbox, engine: Engine
) -> None:
    stripe_sandbox.pass_time(days=1)
    second = beside(stripe_sandbox, subscribed)
    for _ in range(2):
        rent_night.reconcile(Ring(house, "main", None))
        keep_promises(house)
    assert [one.id for one in live(stripe_sandbox)] == [subscribed.id]
    [charge] = stripe_sandbox.v1.charges.list({"customer": subscribed.payer}).data
    assert (charge.amount, charge.amount_refunded) == (8700, 8700)
    assert stripe_sandbox.v1.customers.retrieve(subscribed.payer).balance == 0, "given back once"
    tenant, row = look()
    assert row is not None
    assert (tenant.state, tenant.seats, row.id) == ("active", 5, subscribed.id)
    with open_session(engine, landlord_plane()) as session:
        steps = session.scalars(select(TenantChange).where(TenantChange.why == "rented twice")).all()
    assert [(one.before, one.after) for one in steps] == [("active", "active")]
    [mail] = [one for one in inbox.mails if "rented twice" in str(one["Subject"])]
    assert mail["To"] == "alice@alpha.example"
    body = mail.get_body(("plain",))
    assert body is not None
    text = body.get_content()
    assert "¥87.00 go back" in text
    assert "Standard with 5 seats" in text
    assert second.id != subscribed.id


def test_an_invoice_of_the_second_one_is_void(subscribed: Subscription, house: House, stripe_sandbox: Stripe) -> None:
    stripe_sandbox.pass_time(days=1)
    second = beside(stripe_sandbox, subscribed, collection_method="send_invoice", days_until_due=14)
    stripe_sandbox.v1.invoices.send_invoice(second.latest_invoice)
    rent_night.reconcile(Ring(house, "main", None))
    keep_promises(house)
    assert stripe_sandbox.v1.invoices.retrieve(second.latest_invoice).status == "void"
    assert [one.id for one in live(stripe_sandbox)] == [subscribed.id]


def test_what_a_credit_paid_is_credited_again(subscribed: Subscription, house: House, gateway: Gateway, stripe_sandbox: Stripe) -> None:
    stripe_sandbox.pass_time(days=1)
    gateway.credit(subscribed.payer, Decimal("30.00"), "for a friend", key="credit")
    beside(stripe_sandbox, subscribed)
    rent_night.reconcile(Ring(house, "main", None))
    keep_promises(house)
    [charge] = stripe_sandbox.v1.charges.list({"customer": subscribed.payer}).data
    assert (charge.amount, charge.amount_refunded) == (5700, 5700)
    assert gateway.credit_of(subscribed.payer) == Decimal("30.00")


def test_undoing_goes_on_where_it_was_interrupted(subscribed: Subscription, gateway: Gateway, stripe_sandbox: Stripe) -> None:
    """The worker was killed after it ended the one too many, or after it paid back."""
    second = gateway.subscription(beside(stripe_sandbox, subscribed).id)
    stripe_sandbox.v1.subscriptions.cancel(second.id)
    for _ in range(2):
        assert gateway.undo(gateway.subscription(second.id), since=second.made_at) == GivenBack(refunded=Decimal("87.00"))
    [charge] = stripe_sandbox.v1.charges.list({"customer": subscribed.payer}).data
    assert charge.amount_refunded == 8700


def test_what_is_paid_for_stays_and_what_is_not_goes(alice: Guest, click: Click, look: Look, stripe_sandbox: Stripe, house: House) -> None:
    """The elder one's card fails. What was owed for it before the other one began is still owed."""
    alice.get(click(alice.post(f"{PAGE}/new", data=ORDER).location, BAD))
    stripe_sandbox.pass_time(days=10.2)
    row = look()[1]
    assert row is not None
    second = beside(stripe_sandbox, row, seats=4)
    rent_night.reconcile(Ring(house, "main", None))
    keep_promises(house)
    assert [one.id for one in live(stripe_sandbox)] == [second.id]
    [owed] = [one for one in stripe_sandbox.v1.invoices.list({"customer": row.payer}).data if one.status == "open"]
    assert owed.total == 5 * 2900
    rent_night.reconcile(Ring(house, "main", None))
    assert (look()[0].state, look()[0].seats) == ("active", 4)


def test_a_first_payment_that_is_still_being_made_is_left(subscribed: Subscription, house: House, stripe_sandbox: Stripe) -> None:
    second = beside(stripe_sandbox, subscribed, payment_behavior="default_incomplete")
    rent_night.reconcile(Ring(house, "main", None))
    keep_promises(house)
    assert stripe_sandbox.v1.subscriptions.retrieve(second.id).status == "incomplete"


def test_what_somebody_has_refunded_by_hand_is_not_paid_back_again(
    subscribed: Subscription, house: House, gateway: Gateway, stripe_sandbox: Stripe
) -> None:
    stripe_sandbox.pass_time(days=1)
    beside(stripe_sandbox, subscribed)
    [charge] = stripe_sandbox.v1.charges.list({"customer": subscribed.payer}).data
    stripe_sandbox.v1.refunds.create({"charge": charge.id, "amount": 5000})
    rent_night.reconcile(Ring(house, "main", None))
    keep_promises(house)
    assert stripe_sandbox.v1.charges.retrieve(charge.id).amount_refunded == 8700
    assert gateway.credit_of(subscribed.payer) == 0


def test_a_first_payment_that_is_never_made_is_no_rent(
    alice: Guest, subscribed: Subscription, look: Look, house: House, stripe_sandbox: Stripe
) -> None:
    """Long after the trial it has rented no more; it reads, and begins to pay again. Who tries is not thrown out, nor does trying keep anything."""
    stripe_sandbox.pass_time(days=200)
    rent_night.reconcile(Ring(house, "main", None))
    stripe_sandbox.v1.subscriptions.cancel(subscribed.id or "")
    rent_night.reconcile(Ring(house, "main", None))
    tenant, row = look()
    assert row is not None
    assert tenant.state == "read_only"
    ended_at = row.ended_at
    for days in (0, 2):
        beside(stripe_sandbox, subscribed, payment_behavior="default_incomplete") if not days else stripe_sandbox.pass_time(days=days)
        rent_night.reconcile(Ring(house, "main", None))
        tenant, row = look()
        assert row is not None
        assert (tenant.state, row.ended_at, row.standing) == ("read_only", ended_at, "incomplete_expired" if days else "incomplete")


def test_a_form_whose_rent_has_ended_rents_anew(alice: Guest, look: Look, stripe_sandbox: Stripe) -> None:
    """Sent again on the same day, after an operator has closed the company and opened it again, say."""
    form = ORDER | {"means": "invoice", "once": "form-1"}
    alice.post(f"{PAGE}/new", data=form)
    [first] = live(stripe_sandbox)
    stripe_sandbox.v1.subscriptions.cancel(first.id)
    alice.get(f"{PAGE}/arrival?session=x")
    for _ in range(2):
        alice.post(f"{PAGE}/new", data=form)
    [second] = live(stripe_sandbox)
    assert second.id != first.id
    assert look()[0].state == "active"
