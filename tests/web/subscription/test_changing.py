"""More seats, fewer, another plan: the price is told first, and what was not told is not done."""

import re
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import Engine

from saas.billing.gateway import Gateway
from saas.billing.models import Subscription
from saas.identity.memberships import NoSeatLeft, resume_membership
from saas.registry.models import Tenant as TenantRow
from tenants.wall.session import landlord_plane, open_session
from tenants.wall.tenant import Tenant
from tests.web.subscription.conftest import AT, ORDER, PAGE
from tests.world.cast import fixed_id
from tests.world.door import Guest
from tests.world.stripe import Stripe
from web.subscription import account, changing

Look = Callable[[], tuple[TenantRow, Subscription | None]]
MORE = {"plan": "standard", "seats": "8", "once": "a"}


@pytest.fixture
def paid(alice: Guest, subscribed: Subscription, stripe_sandbox: Stripe) -> Subscription:
    """The trial is over, a month is paid."""
    stripe_sandbox.pass_time(days=20)
    alice.get(f"{PAGE}/arrival?session=x")
    return subscribed


def ask(alice: Guest, **wish: str) -> dict[str, str]:
    """The form as it comes back with the price, to be sent again."""
    told = alice.post(f"{PAGE}/change", data=wish)
    assert told.status_code == 200
    found = re.search(r'name="told" type="hidden" value="([^"]+)"', told.text)
    assert found is not None
    return wish | {"told": found[1], "yes": "1"}


def test_more_seats_are_told_their_price_first(alice: Guest, paid: Subscription, look: Look, stripe_sandbox: Stripe) -> None:
    assert "¥232.00 a month" in alice.post(f"{PAGE}/change", data=MORE).text
    assert look()[0].seats == 5
    form = ask(alice, **MORE)
    for _ in range(2):
        assert alice.post(f"{PAGE}/change", data=form).status_code == 303, "a double click is one change, and no error"
    assert look()[0].seats == 8
    bills = stripe_sandbox.v1.invoices.list({"customer": paid.payer}).data
    assert len([one for one in bills if 0 < one.total < 8700]) == 1, "the difference is paid once"


def test_what_was_not_told_is_not_done(alice: Guest, paid: Subscription, look: Look) -> None:
    """The price of eight seats is told; then fifty are typed, and "pay" is pressed."""
    answer = alice.post(f"{PAGE}/change", data=ask(alice, **MORE) | {"seats": "50"})
    assert answer.status_code == 200
    assert "something else than what was told" in answer.text
    assert "¥1,450.00 a month" in answer.text
    assert look()[0].seats == 5


def test_what_changed_in_another_window_is_told_anew(alice: Guest, paid: Subscription, look: Look) -> None:
    form = ask(alice, **MORE)
    alice.post(f"{PAGE}/change", data=ask(alice, plan="standard", seats="6", once="b"))
    assert "something else than what was told" in alice.post(f"{PAGE}/change", data=form).text
    assert look()[0].seats == 6


def test_an_old_price_is_told_anew(alice: Guest, paid: Subscription, look: Look, stripe_sandbox: Stripe) -> None:
    form = ask(alice, **MORE)
    stripe_sandbox.pass_time(days=0.1)
    assert "something else than what was told" in alice.post(f"{PAGE}/change", data=form).text
    assert look()[0].seats == 5


@pytest.mark.parametrize("told", ["999999999999 0.00 0.00", "0 0.00 0.00"])
def test_a_price_that_was_told_at_no_time_is_told_anew(alice: Guest, paid: Subscription, look: Look, told: str) -> None:
    assert alice.post(f"{PAGE}/change", data=MORE | {"told": told, "yes": "1"}).status_code == 200
    assert look()[0].seats == 5


def test_the_same_form_may_ask_for_something_else_afterwards(alice: Guest, paid: Subscription, look: Look) -> None:
    """Who goes back in the browser sends an old form again with another number in it."""
    for seats in ("8", "9"):
        assert alice.post(f"{PAGE}/change", data=ask(alice, plan="standard", seats=seats, once="a")).status_code == 303
    assert look()[0].seats == 9


def test_fewer_seats_come_at_the_renewal(alice: Guest, subscribed: Subscription, look: Look, stripe_sandbox: Stripe) -> None:
    stripe_sandbox.pass_time(days=12)
    alice.post(f"{PAGE}/change", data=ask(alice, plan="standard", seats="4"))
    row = look()[1]
    assert row is not None
    assert (row.seats, row.later_seats) == (5, 4)
    assert look()[0].seats_later == 4, "or somebody would take the fifth until then"
    assert "Standard, seats: 4" in alice.get(PAGE).text
    alice.post(f"{PAGE}/keeping")
    kept = look()[1]
    assert kept is not None
    assert (kept.later_seats, look()[0].seats_later) == (None, None)


def test_who_comes_while_seats_are_given_up_finds_none(
    alice: Guest, subscribed: Subscription, look: Look, gateway: Gateway, engine: Engine, alpha: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Four of five are taken; the fifth is given up, and somebody accepts an invitation while Stripe is being asked."""
    form = ask(alice, plan="standard", seats="4")
    came: list[Future[str]] = []
    with ThreadPoolExecutor(1) as pool:

        def accept() -> str:
            with open_session(engine, landlord_plane()) as session:
                try:
                    resume_membership(session, fixed_id("charlie"), alpha.id, at=AT)
                except NoSeatLeft:
                    return "no seat"
                session.commit()
                return "in"

        def change(*args: Any, **more: Any) -> Any:
            came.append(pool.submit(accept))
            return Gateway.change_now(gateway, *args, **more)

        monkeypatch.setattr(gateway, "change_now", change)  # in a trial it is done at once
        answer = alice.post(f"{PAGE}/change", data=form)
    assert answer.status_code == 303
    assert [one.result() for one in came] == ["no seat"]
    assert look()[0].seats == 4


def test_a_seat_that_was_taken_meanwhile_is_not_given_up(
    alice: Guest, subscribed: Subscription, look: Look, engine: Engine, alpha: Tenant, stripe_sandbox: Stripe
) -> None:
    stripe_sandbox.pass_time(days=12)
    form = ask(alice, plan="standard", seats="4")
    with open_session(engine, landlord_plane()) as session:
        resume_membership(session, fixed_id("charlie"), alpha.id, at=AT)
        session.commit()
    answer = alice.post(f"{PAGE}/change", data=form)
    assert answer.status_code == 422
    assert "5 colleagues work with Zuke" in answer.text


def test_who_pays_by_invoice_pays_nothing_by_changing(alice: Guest, stripe_sandbox: Stripe) -> None:
    alice.post(f"{PAGE}/new", data=ORDER | {"means": "invoice"})
    stripe_sandbox.pass_time(days=20)
    told = alice.post(f"{PAGE}/change", data=MORE).text
    assert "An invoice over ¥" in told
    assert "Pay ¥" not in told


def test_a_smaller_plan_says_what_it_lacks(alice: Guest, paid: Subscription) -> None:
    alice.post(f"{PAGE}/change", data=ask(alice, plan="professional", seats="5", once="up"))
    told = alice.post(f"{PAGE}/change", data={"plan": "standard", "seats": "5", "once": "down"}).text
    assert "you do without: Territories as a tree; more than 10 GB" in told
    assert "you do without" not in alice.post(f"{PAGE}/change", data={"plan": "professional", "seats": "6", "once": "more"}).text


def test_what_is_cancelled_or_owed_is_not_changed(alice: Guest, paid: Subscription, stripe_sandbox: Stripe, look: Look) -> None:
    alice.post(f"{PAGE}/cancellation")
    assert "subscription/change" not in alice.get(PAGE).text
    assert "Go on renting first" in alice.post(f"{PAGE}/change", data=MORE).text
    alice.post(f"{PAGE}/resumption")
    bad = stripe_sandbox.v1.payment_methods.attach("pm_card_chargeCustomerFail", {"customer": paid.payer})
    stripe_sandbox.v1.customers.update(paid.payer, {"invoice_settings": {"default_payment_method": bad.id}})
    stripe_sandbox.v1.subscriptions.update(paid.id or "", {"default_payment_method": bad.id})
    alice.post(f"{PAGE}/change", data=ask(alice, **MORE))
    row = look()[1]
    assert row is not None
    assert (row.seats, row.waits_for) == (5, 8)
    assert "The change to 8 seats waits" in alice.get(PAGE).text
    assert "pay the open invoice first" in alice.post(f"{PAGE}/change", data=MORE | {"seats": "9"}).text


def test_what_a_colleague_changes_in_the_same_moment_is_told_anew(
    alice: Guest, paid: Subscription, stripe_sandbox: Stripe, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They hold the company's row; when it is free, nine seats are rented."""
    form, count_held = ask(alice, **MORE), account.count_held

    def waiting() -> int:
        rented = stripe_sandbox.v1.subscriptions.retrieve(paid.id or "")
        [item] = rented["items"].data
        asked = {"items": [{"id": item.id, "quantity": 9}], "proration_behavior": "always_invoice"}
        stripe_sandbox.v1.subscriptions.update(rented.id, asked)
        return count_held()

    monkeypatch.setattr(changing, "count_held", waiting)
    assert "something else than what was told" in alice.post(f"{PAGE}/change", data=form).text
    [item] = stripe_sandbox.v1.subscriptions.retrieve(paid.id or "")["items"].data
    assert item.quantity == 9
