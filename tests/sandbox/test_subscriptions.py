"""The real library rents, changes and ends subscriptions over months."""

import datetime as dt
from typing import Any

import pytest
import stripe

from tests.world.stripe import DAY, START, Stripe


def stamp(*moment: int) -> int:
    return int(dt.datetime(*moment, tzinfo=dt.UTC).timestamp())  # type: ignore[misc, arg-type]


def period(subscription: dict[str, Any]) -> tuple[int, int]:
    item = subscription["items"]["data"][0]
    return item["current_period_start"], item["current_period_end"]


def test_a_card_pays_the_first_month_and_the_next(stripe_sandbox: Stripe) -> None:
    customer, price = stripe_sandbox.customer(), stripe_sandbox.price()
    rented = stripe_sandbox.subscribe(customer, price, 5)
    assert rented.status == "active"
    assert period(rented.to_dict()) == (START, stamp(2026, 2, 15, 8, 30))

    stripe_sandbox.pass_time(days=28)
    assert [one["status"] for one in stripe_sandbox.invoices(customer)] == ["paid"]
    stripe_sandbox.pass_time(days=3, seconds=60)
    assert [one["status"] for one in stripe_sandbox.invoices(customer)] == ["paid", "draft"]
    stripe_sandbox.pass_time(seconds=3600)
    first, second = stripe_sandbox.invoices(customer)
    assert (first["amount_paid"], second["amount_paid"]) == (14500, 14500)
    assert (second["billing_reason"], second["status"]) == ("subscription_cycle", "paid")
    assert second["number"].endswith("-0002")
    assert period(stripe_sandbox.subscription(rented)) == (stamp(2026, 2, 15, 8, 30), stamp(2026, 3, 15, 8, 30))


def test_the_31st_comes_back_after_a_short_month(stripe_sandbox: Stripe) -> None:
    clock = stripe_sandbox.v1.test_helpers.test_clocks.create({"frozen_time": stamp(2026, 1, 31, 9)})
    customer = stripe_sandbox.customer(test_clock=clock.id)
    rented = stripe_sandbox.subscribe(customer, stripe_sandbox.price(), 1)
    stripe_sandbox.v1.test_helpers.test_clocks.advance(clock.id, {"frozen_time": stamp(2026, 5, 1)})
    spans = [one["lines"]["data"][0]["period"] for one in stripe_sandbox.invoices(customer)]
    days = [dt.datetime.fromtimestamp(one["end"], dt.UTC).strftime("%m-%d") for one in spans]
    assert days == ["02-28", "03-31", "04-30", "05-31"]
    assert stripe_sandbox.subscription(rented)["created"] == stamp(2026, 1, 31, 9)
    assert stripe_sandbox.now == START, "the account's own clock stood still"


def test_more_seats_cost_what_the_preview_said(stripe_sandbox: Stripe) -> None:
    customer, price = stripe_sandbox.customer(), stripe_sandbox.price(3100)
    rented = stripe_sandbox.subscribe(customer, price, 5)
    stripe_sandbox.pass_time(days=10, seconds=1234)
    item, at = rented["items"].data[0].id, stripe_sandbox.now
    change = {"items": [{"id": item, "quantity": 8}], "proration_behavior": "always_invoice", "proration_date": at}
    shown = stripe_sandbox.v1.invoices.create_preview({"subscription": rented.id, "subscription_details": change})
    stripe_sandbox.pass_time(seconds=90)  # somebody reads the amount
    stripe_sandbox.v1.subscriptions.update(rented.id, change | {"payment_behavior": "pending_if_incomplete"})

    left = stamp(2026, 2, 15, 8, 30) - at
    whole = 31 * DAY
    assert shown.amount_due == round(8 * 3100 * left / whole) - round(5 * 3100 * left / whole)
    paid = stripe_sandbox.invoices(customer)[-1]
    assert (paid["status"], paid["amount_paid"], paid["billing_reason"]) == ("paid", shown.amount_due, "subscription_update")
    assert [line["parent"]["subscription_item_details"]["proration"] for line in paid["lines"]["data"]] == [True, True]
    assert stripe_sandbox.subscription(rented)["items"]["data"][0]["quantity"] == 8
    assert stripe_sandbox.subscription(rented)["pending_update"] is None


def test_seats_that_are_not_paid_for_do_not_come(stripe_sandbox: Stripe) -> None:
    customer, price = stripe_sandbox.customer(), stripe_sandbox.price()
    rented = stripe_sandbox.subscribe(customer, price, 5)
    bad = stripe_sandbox.v1.payment_methods.attach("pm_card_chargeCustomerFail", {"customer": customer.id})
    stripe_sandbox.v1.customers.update(customer.id, {"invoice_settings": {"default_payment_method": bad.id}})
    change = {"items": [{"id": rented["items"].data[0].id, "quantity": 9}], "proration_behavior": "always_invoice"}
    waiting = stripe_sandbox.v1.subscriptions.update(rented.id, change | {"payment_behavior": "pending_if_incomplete"})
    assert (waiting["items"].data[0].quantity, waiting.status) == (5, "active")
    assert waiting.pending_update.subscription_items[0].quantity == 9

    opened = stripe_sandbox.invoices(customer)[-1]
    paid = stripe_sandbox.v1.invoices.pay(opened["id"], {"payment_method": "pm_card_visa"})
    assert paid.status == "paid"
    now = stripe_sandbox.subscription(rented)
    assert (now["items"]["data"][0]["quantity"], now["pending_update"]) == (9, None)
    assert "customer.subscription.pending_update_applied" in stripe_sandbox.kinds()


def test_a_change_that_is_never_paid_is_forgotten(stripe_sandbox: Stripe) -> None:
    customer = stripe_sandbox.customer()
    rented = stripe_sandbox.subscribe(customer, stripe_sandbox.price(), 5)
    bad = stripe_sandbox.v1.payment_methods.attach("pm_card_chargeCustomerFail", {"customer": customer.id})
    change = {"items": [{"id": rented["items"].data[0].id, "quantity": 9}], "proration_behavior": "always_invoice"}
    stripe_sandbox.v1.subscriptions.update(rented.id, change | {"default_payment_method": bad.id, "payment_behavior": "pending_if_incomplete"})
    stripe_sandbox.pass_time(days=1)
    now = stripe_sandbox.subscription(rented)
    assert (now["items"]["data"][0]["quantity"], now["pending_update"], now["status"]) == (5, None, "active")
    assert stripe_sandbox.invoices(customer)[-1]["status"] == "void"


def test_an_error_takes_the_whole_change_back(stripe_sandbox: Stripe) -> None:
    customer = stripe_sandbox.customer()
    rented = stripe_sandbox.subscribe(customer, stripe_sandbox.price(), 5)
    bad = stripe_sandbox.v1.payment_methods.attach("pm_card_chargeCustomerFail", {"customer": customer.id})
    stripe_sandbox.v1.subscriptions.update(rented.id, {"default_payment_method": bad.id})
    change = {"items": [{"id": rented["items"].data[0].id, "quantity": 9}], "proration_behavior": "always_invoice"}
    before = len(stripe_sandbox.events())
    with pytest.raises(stripe.CardError) as refused:
        stripe_sandbox.v1.subscriptions.update(rented.id, change | {"payment_behavior": "error_if_incomplete"})
    assert refused.value.code == "card_declined"
    assert stripe_sandbox.subscription(rented)["items"]["data"][0]["quantity"] == 5
    assert len(stripe_sandbox.invoices(customer)) == 1
    assert len(stripe_sandbox.events()) == before


def test_fewer_seats_begin_at_the_renewal(stripe_sandbox: Stripe) -> None:
    customer, price = stripe_sandbox.customer(), stripe_sandbox.price()
    rented = stripe_sandbox.subscribe(customer, price, 8)
    start, end = period(rented.to_dict())
    schedule = stripe_sandbox.v1.subscription_schedules.create({"from_subscription": rented.id})
    phases = [
        {"items": [{"price": price.id, "quantity": 8}], "start_date": start, "end_date": end},
        {"items": [{"price": price.id, "quantity": 3}], "duration": {"interval": "month"}, "proration_behavior": "none"},
    ]
    stripe_sandbox.v1.subscription_schedules.update(schedule.id, {"phases": phases, "end_behavior": "release"})
    stripe_sandbox.pass_time(days=30)
    assert stripe_sandbox.subscription(rented)["items"]["data"][0]["quantity"] == 8
    stripe_sandbox.pass_time(days=2)
    now = stripe_sandbox.subscription(rented)
    assert (now["items"]["data"][0]["quantity"], now["schedule"]) == (3, schedule.id)
    assert now["items"]["data"][0]["id"] == rented["items"].data[0].id
    assert stripe_sandbox.invoices(customer)[-1]["amount_paid"] == 3 * 2900
    stripe_sandbox.pass_time(days=31)
    assert stripe_sandbox.subscription(rented)["schedule"] is None
    assert stripe_sandbox.v1.subscription_schedules.retrieve(schedule.id).status == "released"
    assert stripe_sandbox.invoices(customer)[-1]["amount_due"] == 3 * 2900


def test_a_schedule_can_be_released_before(stripe_sandbox: Stripe) -> None:
    rented = stripe_sandbox.subscribe(stripe_sandbox.customer(), stripe_sandbox.price(), 8)
    schedule = stripe_sandbox.v1.subscription_schedules.create({"from_subscription": rented.id})
    with pytest.raises(stripe.InvalidRequestError, match="managed by the subscription schedule"):
        stripe_sandbox.v1.subscriptions.update(rented.id, {"cancel_at_period_end": True})
    stripe_sandbox.v1.subscription_schedules.release(schedule.id)
    assert stripe_sandbox.subscription(rented)["schedule"] is None


def test_another_plan_is_prorated_at_the_next_invoice(stripe_sandbox: Stripe) -> None:
    customer, standard, professional = stripe_sandbox.customer(), stripe_sandbox.price(), stripe_sandbox.price(5900, "Professional")
    rented = stripe_sandbox.subscribe(customer, standard, 2)
    stripe_sandbox.pass_time(days=15, seconds=12 * 3600)  # half of 31 days
    stripe_sandbox.v1.subscriptions.update(rented.id, {"items": [{"id": rented["items"].data[0].id, "price": professional.id}]})
    assert len(stripe_sandbox.invoices(customer)) == 1
    stripe_sandbox.pass_time(days=16)
    lines = stripe_sandbox.invoices(customer)[-1]["lines"]["data"]
    assert [line["amount"] for line in lines] == [-2900, 5900, 11800]
    assert "Unused time on 2 × Standard after 30 Jan 2026" in lines[0]["description"]


def test_it_ends_with_its_period_unless_that_is_taken_back(stripe_sandbox: Stripe) -> None:
    customer = stripe_sandbox.customer()
    rented = stripe_sandbox.subscribe(customer, stripe_sandbox.price())
    ending = stripe_sandbox.v1.subscriptions.update(rented.id, {"cancel_at_period_end": True})
    assert (ending.status, ending.cancel_at) == ("active", period(rented.to_dict())[1])
    resumed = stripe_sandbox.v1.subscriptions.update(rented.id, {"cancel_at_period_end": False})
    assert (resumed.cancel_at, resumed.canceled_at, resumed.cancel_at_period_end) == (None, None, False)
    stripe_sandbox.v1.subscriptions.update(rented.id, {"cancel_at_period_end": True})
    stripe_sandbox.pass_time(days=32)
    ended = stripe_sandbox.subscription(rented)
    assert (ended["status"], ended["ended_at"]) == ("canceled", ending.cancel_at)
    assert len(stripe_sandbox.invoices(customer)) == 1
    assert stripe_sandbox.kinds()[-1] == "customer.subscription.deleted"
    with pytest.raises(stripe.InvalidRequestError):
        stripe_sandbox.v1.subscriptions.update(rented.id, {"cancel_at_period_end": False})


def test_it_ends_now_and_gives_back_what_is_unused(stripe_sandbox: Stripe) -> None:
    customer = stripe_sandbox.customer()
    rented = stripe_sandbox.subscribe(customer, stripe_sandbox.price(), 2)
    stripe_sandbox.pass_time(days=15, seconds=12 * 3600)
    stripe_sandbox.v1.subscriptions.cancel(rented.id, {"prorate": True, "invoice_now": True})
    assert stripe_sandbox.v1.customers.retrieve(customer.id).balance == -2900
    assert stripe_sandbox.invoices(customer)[-1]["total"] == -2900


def test_a_trial_costs_nothing_and_then_the_rent_begins(stripe_sandbox: Stripe) -> None:
    customer = stripe_sandbox.customer()
    rented = stripe_sandbox.subscribe(customer, stripe_sandbox.price(), 5, trial_period_days=14)
    assert (rented.status, rented.trial_end) == ("trialing", START + 14 * DAY)
    assert [(one["status"], one["total"]) for one in stripe_sandbox.invoices(customer)] == [("paid", 0)]
    stripe_sandbox.pass_time(days=12)
    assert "customer.subscription.trial_will_end" in stripe_sandbox.kinds()
    stripe_sandbox.pass_time(days=3)
    now = stripe_sandbox.subscription(rented)
    assert (now["status"], period(now)) == ("active", (START + 14 * DAY, stamp(2026, 2, 28, 8, 30)))
    assert stripe_sandbox.invoices(customer)[-1]["amount_paid"] == 14500


@pytest.mark.parametrize(("ends", "becomes"), [("cancel", "canceled"), ("create_invoice", "past_due")])
def test_a_trial_without_a_card(stripe_sandbox: Stripe, ends: str, becomes: str) -> None:
    settings = {"end_behavior": {"missing_payment_method": ends}}
    rented = stripe_sandbox.subscribe(stripe_sandbox.customer(None), stripe_sandbox.price(), trial_period_days=7, trial_settings=settings)
    stripe_sandbox.pass_time(days=8)
    assert stripe_sandbox.subscription(rented)["status"] == becomes


def test_a_trial_can_be_ended_now(stripe_sandbox: Stripe) -> None:
    customer = stripe_sandbox.customer()
    rented = stripe_sandbox.subscribe(customer, stripe_sandbox.price(), 5, trial_period_days=14)
    stripe_sandbox.pass_time(days=2)
    now = stripe_sandbox.v1.subscriptions.update(rented.id, {"trial_end": "now"})
    assert (now.status, period(now.to_dict())[0]) == ("active", START + 2 * DAY)
    assert stripe_sandbox.invoices(customer)[-1]["amount_paid"] == 14500


def test_a_first_card_that_fails_leaves_it_incomplete_for_a_day(stripe_sandbox: Stripe) -> None:
    customer = stripe_sandbox.customer("pm_card_chargeCustomerFail")
    rented = stripe_sandbox.subscribe(customer, stripe_sandbox.price())
    assert rented.status == "incomplete"
    stripe_sandbox.pass_time(days=1)
    assert stripe_sandbox.subscription(rented)["status"] == "incomplete_expired"
    assert stripe_sandbox.invoices(customer)[0]["status"] == "void"


def test_a_renewal_that_fails_is_tried_again_and_stays_overdue(stripe_sandbox: Stripe) -> None:
    customer = stripe_sandbox.customer()
    rented = stripe_sandbox.subscribe(customer, stripe_sandbox.price())
    bad = stripe_sandbox.v1.payment_methods.attach("pm_card_chargeCustomerFail", {"customer": customer.id})
    stripe_sandbox.v1.customers.update(customer.id, {"invoice_settings": {"default_payment_method": bad.id}})
    stripe_sandbox.pass_time(days=31, seconds=2 * 3600)
    assert stripe_sandbox.subscription(rented)["status"] == "past_due"
    assert stripe_sandbox.v1.customers.retrieve(customer.id).delinquent is True
    first = stripe_sandbox.invoices(customer)[-1]
    assert (first["attempt_count"], first["next_payment_attempt"]) == (1, stamp(2026, 2, 15, 9, 30) + 3 * DAY)
    stripe_sandbox.pass_time(days=20)
    tired = stripe_sandbox.invoices(customer)[-1]
    assert (tired["attempt_count"], tired["next_payment_attempt"], tired["status"]) == (4, None, "open")

    stripe_sandbox.v1.invoices.pay(tired["id"], {"payment_method": "pm_card_visa"})
    assert stripe_sandbox.subscription(rented)["status"] == "active"
    assert stripe_sandbox.v1.customers.retrieve(customer.id).delinquent is False


def test_an_invoice_that_is_sent_is_due_in_days(stripe_sandbox: Stripe) -> None:
    customer = stripe_sandbox.customer(None)
    rented = stripe_sandbox.subscribe(customer, stripe_sandbox.price(), 5, collection_method="send_invoice", days_until_due=14)
    assert rented.status == "active"
    sent = stripe_sandbox.v1.invoices.send_invoice(rented.latest_invoice)
    assert (sent.status, sent.due_date, sent.amount_due) == ("open", START + 14 * DAY, 14500)
    stripe_sandbox.pass_time(days=15)
    assert stripe_sandbox.subscription(rented)["status"] == "past_due"
    assert "invoice.overdue" in stripe_sandbox.kinds()
    stripe_sandbox.v1.invoices.pay(sent.id, {"paid_out_of_band": True})
    assert stripe_sandbox.subscription(rented)["status"] == "active"


def test_events_tell_how_it_began(stripe_sandbox: Stripe) -> None:
    """Incomplete at first, active once it is paid: who listens hears both."""
    rented = stripe_sandbox.subscribe(stripe_sandbox.customer(), stripe_sandbox.price())
    told = [one for one in stripe_sandbox.events() if one["data"]["object"]["id"] == rented.id]
    assert [(one["type"], one["data"]["object"]["status"]) for one in told] == [
        ("customer.subscription.created", "incomplete"),
        ("customer.subscription.updated", "active"),
    ]
    assert told[1]["data"]["previous_attributes"]["status"] == "incomplete"


def test_a_customer_that_is_deleted_rents_no_more(stripe_sandbox: Stripe) -> None:
    customer = stripe_sandbox.customer()
    rented = stripe_sandbox.subscribe(customer, stripe_sandbox.price())
    stripe_sandbox.v1.customers.delete(customer.id)
    assert stripe_sandbox.subscription(rented)["status"] == "canceled"
    assert stripe_sandbox.v1.customers.retrieve(customer.id).deleted is True
