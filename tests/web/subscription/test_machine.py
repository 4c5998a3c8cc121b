"""Whatever a firm, its card and the calendar do in whatever order: our state is Stripe's, entitlements follow, and who pays is never locked out."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import Engine, delete
from sqlalchemy.orm import Session

from saas.billing.doubles import undo
from saas.billing.gateway import Gateway
from saas.billing.models import Subscription
from saas.billing.subscriptions import hold, look
from saas.billing.values import CardDeclined, Rented, RentsAlready
from saas.identity.sessions import value_of
from saas.registry.life import GRACE
from saas.registry.models import Tenant as TenantRow
from tenants.values.ids import new_id
from tenants.wall.session import landlord_plane, open_session
from tenants.wall.tenant import Tenant
from tests.web.subscription.conftest import AT, DAY
from tests.world.stripe import Stripe

LIVE = ("trialing", "active", "past_due", "unpaid")
PLANS, SEATS = st.sampled_from(["standard", "professional"]), st.integers(1, 9)


def deed(name: str, **words: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({"deed": st.just(name), **words})


# One strategy and one rule: rules of their own are chosen for a whole run at a time, and in a few short runs most of them never meet.
DEEDS = st.one_of(
    deed("subscribe", plan=PLANS, seats=SEATS, by_card=st.booleans(), card=st.sampled_from(["good", "bad"])),
    deed("subscribe", plan=PLANS, seats=SEATS, by_card=st.just(True), card=st.just("good")),
    deed("open_two_pages_and_pay_both", seats=SEATS, is_ours=st.booleans()),
    deed("change", plan=PLANS, seats=SEATS, at_once=st.booleans()),
    deed("take_another_card", card=st.sampled_from(["pm_card_visa", "pm_card_chargeCustomerFail"])),
    deed("pay_what_is_open"),
    deed("cancel"),
    deed("resume"),
    deed("refund"),
    deed("let_time_pass", days=st.sampled_from([0.1, 1, 4, 9])),
    deed("let_time_pass", days=st.sampled_from([9, 15, 31])),
)
Click = Callable[..., str]


class Rent(RuleBasedStateMachine):
    """One firm. `world` is what the test has set up."""

    world: tuple[Engine, Tenant, Gateway, Stripe, Click]

    @initialize()
    def begin(self) -> None:
        self.engine, self.tenant, self.gateway, self.stripe, self.click = self.world
        self.steps = 0
        self.payer = self.gateway.open_payer("Alpha", "alice@alpha.example", tenant=str(self.tenant.id), key=str(new_id()))
        with open_session(self.engine, landlord_plane()) as session:
            session.execute(delete(Subscription))
            row = session.get_one(TenantRow, self.tenant.id)
            row.state, row.plan, row.seats, row.warned, row.trial_ends_at = "trial", "trial", None, None, self.now + 5 * DAY
            session.add(Subscription(tenant_id=self.tenant.id, payer=self.payer))
            session.commit()
        self.trial_ends_at = self.now + 5 * DAY

    @property
    def now(self) -> dt.datetime:
        return self.gateway.now(AT)

    @property
    def rented(self) -> Rented | None:
        found = self.gateway.rented_by(self.payer)
        return found if found is not None and found.standing in LIVE else None

    def key(self) -> str:
        self.steps += 1
        return f"{self.payer}-{self.steps}"

    @rule(what=DEEDS)
    def something_happens(self, what: dict[str, Any]) -> None:
        words = dict(what)
        getattr(self, words.pop("deed"))(**words)

    def subscribe(self, plan: str, seats: int, by_card: bool, card: str) -> None:
        if self.rented is not None:
            return
        ends_at = self.trial_ends_at if self.trial_ends_at > self.now else None
        known: dict[str, Any] = {"tenant": str(self.tenant.id), "trial_ends_at": ends_at, "key": self.key()}
        if by_card:
            urls: dict[str, Any] = {"back": "http://127.0.0.1:1/", "away": "http://127.0.0.1:1/"}
            place = self.gateway.check_out(self.payer, plan, seats, at=self.now, **urls, **known)
            self.click(place.url, "4242424242424242" if card == "good" else "4000000000000341")
        else:
            self.gateway.subscribe_by_invoice(self.payer, plan, seats, **known)

    def open_two_pages_and_pay_both(self, seats: int, is_ours: bool) -> None:
        """Ours close each other, and do not open while something is rented; a page that was made beside them knows nothing of it."""
        before = len(self.live)
        pages: list[str] = []
        try:
            pages += [self.our_page(plan, seats) for plan in ("standard", "professional")]
        except RentsAlready:
            assert before
        if not is_ours:
            pages.append(self.another_page(seats))
        for page in pages:
            self.click(page, "4242424242424242")
        assert len(self.live) <= (1 if is_ours else 2)

    @property
    def live(self) -> list[Rented]:
        return [one for one in self.gateway.rentals(self.payer) if one.standing in LIVE]

    def our_page(self, plan: str, seats: int) -> str:
        urls: dict[str, Any] = {"back": "http://127.0.0.1:1/", "away": "http://127.0.0.1:1/"}
        known: dict[str, Any] = {"tenant": str(self.tenant.id), "trial_ends_at": None, "at": self.now, "key": self.key()}
        return self.gateway.check_out(self.payer, plan, seats, **urls, **known).url

    def another_page(self, seats: int) -> str:
        price = self.stripe.v1.prices.list({"lookup_keys": ["zuke_professional"]}).data[0].id
        asked: dict[str, Any] = {
            "mode": "subscription",
            "customer": self.payer,
            "success_url": "http://127.0.0.1:1/",
            "cancel_url": "http://127.0.0.1:1/",
        }
        asked |= {"line_items": [{"price": price, "quantity": seats}], "subscription_data": {"metadata": {"tenant": str(self.tenant.id)}}}
        return str(self.stripe.v1.checkout.sessions.create(asked).url)

    def change(self, plan: str, seats: int, at_once: bool) -> None:
        now = self.rented
        if now is None or (plan, seats) == (now.plan, now.seats) or now.standing in ("past_due", "unpaid") or now.stops_at or now.waits_for:
            return
        try:
            if at_once or now.is_on_trial:
                self.gateway.change_now(now, plan, seats, at=self.now, key=self.key())
            else:
                self.gateway.change_at_renewal(now, plan, seats, key=self.key())
        except CardDeclined:
            pass  # told to whoever asked; nothing has changed, which is what the invariants look at

    def take_another_card(self, card: str) -> None:
        made = self.stripe.v1.payment_methods.attach(card, {"customer": self.payer})
        self.stripe.v1.customers.update(self.payer, {"invoice_settings": {"default_payment_method": made.id}})
        if (now := self.rented) is not None:
            self.stripe.v1.subscriptions.update(now.id, {"default_payment_method": made.id})

    def pay_what_is_open(self) -> None:
        good = self.stripe.v1.payment_methods.attach("pm_card_visa", {"customer": self.payer})
        for bill in self.stripe.v1.invoices.list({"customer": self.payer, "status": "open"}).data:
            self.stripe.v1.invoices.pay(bill.id, {"payment_method": good.id})

    def cancel(self) -> None:
        if (now := self.rented) is not None:
            self.gateway.cancel(now, key=self.key())

    def resume(self) -> None:
        if (now := self.rented) is not None and now.stops_at is not None:
            self.gateway.resume(now, key=self.key())

    def refund(self) -> None:
        """Money goes back; what is rented stays until it is cancelled."""
        paid = [one for one in self.stripe.v1.charges.list({"customer": self.payer}).data if one.paid and not one.refunded and one.amount > 0]
        if paid:
            self.stripe.v1.refunds.create({"charge": paid[0].id})

    def let_time_pass(self, days: float) -> None:
        self.stripe.pass_time(days=days)

    def undo_doubles(self, session: Session) -> None:
        """As the promise does that the look has made. Whatever was paid for both at once has gone back."""
        for double in self.gateway.rentals(self.payer)[1:]:
            kept = self.gateway.rentals(self.payer)[0]
            assert undo(session, self.gateway, hold(session, self.tenant.id), self.payer, double.id, at=self.now, event=None)
            session.commit()
            both_since = max(kept.made_at, double.made_at).timestamp()
            for bill in self.stripe.v1.invoices.list({"subscription": double.id}).data:
                if bill.status == "paid" and bill.created >= both_since:
                    assert bill.post_payment_credit_notes_amount == bill.total or any(one.refunded for one in self.gateway._charges(bill.id))

    @invariant()
    def ours_is_theirs(self) -> None:
        if not hasattr(self, "payer"):
            return
        with open_session(self.engine, landlord_plane()) as session:
            row = look(session, self.gateway, self.payer, at=self.now)
            session.commit()
            self.undo_doubles(session)
            tenant = session.get_one(TenantRow, self.tenant.id)
        assert row is not None
        assert len(self.live) <= 1
        theirs = self.gateway.rented_by(self.payer)
        if theirs is None:
            assert (row.id, row.standing) == (None, None)
        else:
            assert (row.standing, row.plan, row.seats, row.stops_at) == (theirs.standing, theirs.plan, theirs.seats, theirs.stops_at)
        value = value_of(tenant)
        if theirs is not None and theirs.standing in ("active", "trialing"):
            assert tenant.state == "active"
            assert value.may_write, "who pays is never locked out"
            assert (tenant.plan, value.entitlements.seats) == (theirs.plan, theirs.seats)
        elif theirs is not None and theirs.standing in ("past_due", "unpaid"):
            assert row.overdue_since is not None
            assert value.may_write == (self.now < row.overdue_since + GRACE)
        else:
            assert value.may_write == (self.now < self.trial_ends_at)


@pytest.mark.usefixtures("on_trial")
def test_whatever_happens(engine: Engine, alpha: Tenant, gateway: Gateway, stripe_sandbox: Stripe, click: Click) -> None:
    class Here(Rent):
        world = engine, alpha, gateway, stripe_sandbox, click

    few = settings(max_examples=10, stateful_step_count=16, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
    run_state_machine_as_test(Here, settings=few)
