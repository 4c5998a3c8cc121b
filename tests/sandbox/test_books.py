"""Whatever is done in whatever order, the books of the sandbox balance. Hypothesis chooses what is done."""

from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from sandbox.stripe import api
from sandbox.stripe.app import Sandbox
from sandbox.stripe.clock import advance
from sandbox.stripe.faults import Fault
from sandbox.stripe.forms import Params
from sandbox.stripe.store import Store
from tests.world.stripe import DAY, START

CARDS = st.sampled_from(["pm_card_visa", "pm_card_chargeCustomerFail", "pm_card_authenticationRequired"])
SEATS = st.integers(1, 30)
VERBS = {f"{method} {rule}": verb for method, rule, verb in api.ROUTES}
GOING = {"active", "past_due", "unpaid", "trialing"}


class Books(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.sandbox = Sandbox(Store(None), "http://127.0.0.1:1", "sk", real=lambda: START)
        product = self.ask("POST /products", name="Standard")
        price = {"product": product["id"], "currency": "cny", "recurring": {"interval": "month"}}
        self.prices = [self.ask("POST /prices", unit_amount=amount, **price)["id"] for amount in ("2900", "5900")]
        self.customer = self.ask("POST /customers", name="杭州青禾")["id"]
        self.subscription: str | None = None

    def ask(self, verb: str, _ids: dict[str, str] | None = None, **fields: Any) -> dict[str, Any]:
        """One call, as it comes over the wire."""
        with self.sandbox.world() as world:
            try:
                params = Params(fields)
                answer = VERBS[verb](api.Call(world, params), **(_ids or {}))
                params.close()
            except Fault as fault:
                if not fault.keeps:
                    raise
                return fault.answer()
            return answer

    def tried(self, verb: str, ids: dict[str, str], **fields: Any) -> None:
        """What Stripe refuses changes nothing, and that is fine."""
        try:
            self.ask(verb, ids, **fields)
        except Fault:
            return

    @rule(card=CARDS)
    def use_card(self, card: str) -> None:
        method = self.ask("POST /payment_methods/<identity>/attach", {"identity": card}, customer=self.customer)["id"]
        self.ask("POST /customers/<identity>", {"identity": self.customer}, invoice_settings={"default_payment_method": method})

    @precondition(lambda self: self.state() not in GOING)
    @rule(seats=SEATS, price=st.integers(0, 1), sends=st.booleans(), trial=st.sampled_from(["", "10"]))
    def subscribe(self, seats: int, price: int, sends: bool, trial: str) -> None:
        how = {"collection_method": "send_invoice", "days_until_due": "7"} if sends else {}
        asked: dict[str, Any] = {"items": [{"price": self.prices[price], "quantity": str(seats)}], "trial_period_days": trial, **how}
        self.subscription = self.ask("POST /subscriptions", customer=self.customer, **asked)["id"]

    @precondition(lambda self: self.state() in GOING)
    @rule(seats=SEATS, price=st.integers(0, 1), prorates=st.sampled_from(["always_invoice", "create_prorations", "none"]), pends=st.booleans())
    def change(self, seats: int, price: int, prorates: str, pends: bool) -> None:
        wanted = [{"id": self.item(), "price": self.prices[price], "quantity": str(seats)}]
        behavior = "pending_if_incomplete" if pends else "allow_incomplete"
        self.tried("POST /subscriptions/<identity>", self.mine(), items=wanted, proration_behavior=prorates, payment_behavior=behavior)

    @precondition(lambda self: self.state() in GOING)
    @rule(stops=st.booleans())
    def cancel_or_resume(self, stops: bool) -> None:
        self.tried("POST /subscriptions/<identity>", self.mine(), cancel_at_period_end=str(stops).lower())

    @precondition(lambda self: self.state() in GOING)
    @rule(prorates=st.booleans())
    def end(self, prorates: bool) -> None:
        self.tried("DELETE /subscriptions/<identity>", self.mine(), prorate=str(prorates).lower(), invoice_now=str(prorates).lower())

    @rule(hours=st.sampled_from([1, 30, 24 * 8, 24 * 33]))
    def wait(self, hours: int) -> None:
        with self.sandbox.world() as world:
            advance(world, hours * 3600)

    @rule(verb=st.sampled_from(["pay", "void", "mark_uncollectible"]), card=CARDS)
    def settle_newest(self, verb: str, card: str) -> None:
        for invoice in self.things("invoice")[:1]:
            self.tried(f"POST /invoices/<identity>/{verb}", {"identity": invoice["id"]}, **({"payment_method": card} if verb == "pay" else {}))

    @rule(amount=st.integers(1, 5000))
    def credit(self, amount: int) -> None:
        self.ask("POST /customers/<customer>/balance_transactions", {"customer": self.customer}, amount=str(-amount), currency="cny")

    @rule(amount=st.integers(1, 5000))
    def refund(self, amount: int) -> None:
        for charge in [one for one in self.things("charge") if one["paid"]][:1]:
            self.tried("POST /refunds", {}, charge=charge["id"], amount=str(amount))

    @invariant()
    def the_balance_is_the_sum_of_its_lines(self) -> None:
        assert self.things("customer")[0]["balance"] == sum(one["amount"] for one in self.things("customer_balance_transaction"))

    @invariant()
    def what_was_paid_was_charged(self) -> None:
        charged = sum(one["amount_captured"] for one in self.things("charge") if one["paid"])
        assert charged == sum(one["amount_paid"] for one in self.things("invoice") if one["status"] == "paid")

    @invariant()
    def every_invoice_adds_up(self) -> None:
        for one in self.things("invoice"):
            assert one["total"] == sum(line["amount"] for line in one["lines"]["data"])
            if one["status"] != "draft":
                assert one["amount_due"] == one["amount_paid"] + one["amount_remaining"] == max(0, one["total"] + one["starting_balance"])
        numbers = [one["number"] for one in self.things("invoice") if one["number"]]
        assert len(set(numbers)) == len(numbers)

    @invariant()
    def nothing_overdue_is_called_active(self) -> None:
        """The other way round: a subscription that owes nothing is not locked out."""
        if self.state() in {"past_due", "unpaid"}:
            assert any(one["status"] in {"open", "uncollectible", "void"} for one in self.things("invoice"))

    @invariant()
    def time_is_within_the_period(self) -> None:
        if self.subscription and self.state() in GOING:
            item = self.things("subscription")[0]["items"]["data"][0]
            assert item["current_period_start"] <= self.now() < item["current_period_end"] <= item["current_period_start"] + 31 * DAY

    def things(self, kind: str) -> list[dict[str, Any]]:
        return self.sandbox.store.select(kind)

    def now(self) -> int:
        return START + int(self.sandbox.store.fact("offset", 0))

    def state(self) -> str:
        return str(self.things("subscription")[0]["status"]) if self.subscription else ""

    def mine(self) -> dict[str, str]:
        return {"identity": self.subscription or ""}

    def item(self) -> str:
        return str(self.things("subscription")[0]["items"]["data"][0]["id"])

    def teardown(self) -> None:
        self.sandbox.store.close()


def test_the_books_balance() -> None:
    from hypothesis.stateful import run_state_machine_as_test

    health = [HealthCheck.too_slow, HealthCheck.filter_too_much]
    run_state_machine_as_test(Books, settings=settings(max_examples=25, stateful_step_count=20, deadline=None, suppress_health_check=health))


def test_the_books_are_looked_at() -> None:
    """A balance without its line is noticed."""
    books = Books()
    books.credit(100)
    books.the_balance_is_the_sum_of_its_lines()
    books.sandbox.store.put(books.things("customer")[0] | {"balance": 1})
    with pytest.raises(AssertionError):
        books.the_balance_is_the_sum_of_its_lines()
    books.teardown()
