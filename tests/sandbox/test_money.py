"""Credit, refunds, credit notes, and cards that do not pay."""

import pytest
import stripe

from tests.world.stripe import Stripe


def test_credit_pays_the_next_invoice(stripe_sandbox: Stripe) -> None:
    customer = stripe_sandbox.customer()
    moved = stripe_sandbox.v1.customers.balance_transactions.create(customer.id, {"amount": -10000, "currency": "cny"})
    assert (moved.type, moved.ending_balance) == ("adjustment", -10000)
    stripe_sandbox.subscribe(customer, stripe_sandbox.price(), 5)
    [invoice] = stripe_sandbox.invoices(customer)
    assert (invoice["total"], invoice["amount_due"], invoice["amount_paid"]) == (14500, 4500, 4500)
    assert (invoice["starting_balance"], invoice["ending_balance"]) == (-10000, 0)
    assert stripe_sandbox.v1.customers.retrieve(customer.id).balance == 0
    kinds = [one.type for one in stripe_sandbox.v1.customers.balance_transactions.list(customer.id).data]
    assert kinds == ["applied_to_invoice", "adjustment"]


def test_credit_that_covers_everything_needs_no_card(stripe_sandbox: Stripe) -> None:
    customer = stripe_sandbox.customer(None)
    stripe_sandbox.v1.customers.balance_transactions.create(customer.id, {"amount": -20000, "currency": "cny"})
    rented = stripe_sandbox.subscribe(customer, stripe_sandbox.price(), 5)
    assert rented.status == "active"
    assert stripe_sandbox.v1.customers.retrieve(customer.id).balance == -5500
    assert stripe_sandbox.invoices(customer)[0]["status"] == "paid"


def test_a_void_invoice_gives_its_credit_back(stripe_sandbox: Stripe) -> None:
    customer = stripe_sandbox.customer(None)
    stripe_sandbox.v1.customers.balance_transactions.create(customer.id, {"amount": -10000, "currency": "cny"})
    rented = stripe_sandbox.subscribe(customer, stripe_sandbox.price(), 5, collection_method="send_invoice", days_until_due=7)
    stripe_sandbox.v1.invoices.finalize_invoice(rented.latest_invoice)
    assert stripe_sandbox.v1.customers.retrieve(customer.id).balance == 0
    stripe_sandbox.v1.invoices.void_invoice(rented.latest_invoice)
    assert stripe_sandbox.v1.customers.retrieve(customer.id).balance == -10000


def test_money_goes_back_and_never_more_than_came(stripe_sandbox: Stripe) -> None:
    customer = stripe_sandbox.customer()
    stripe_sandbox.subscribe(customer, stripe_sandbox.price(), 1)
    [paid] = stripe_sandbox.v1.invoice_payments.list({"status": "paid"}).data
    intent = paid.payment.payment_intent
    assert stripe_sandbox.v1.refunds.create({"payment_intent": intent, "amount": 900}).status == "succeeded"
    with pytest.raises(stripe.InvalidRequestError, match="greater than unrefunded"):
        stripe_sandbox.v1.refunds.create({"payment_intent": intent, "amount": 2001})
    stripe_sandbox.v1.refunds.create({"payment_intent": intent})
    charge = stripe_sandbox.v1.charges.list({"payment_intent": intent}).data[0]
    assert (charge.refunded, charge.amount_refunded) == (True, 2900)
    with pytest.raises(stripe.InvalidRequestError, match="already been refunded"):
        stripe_sandbox.v1.refunds.create({"payment_intent": intent})


def test_a_credit_note_makes_an_open_invoice_less(stripe_sandbox: Stripe) -> None:
    customer = stripe_sandbox.customer(None)
    rented = stripe_sandbox.subscribe(customer, stripe_sandbox.price(), 5, collection_method="send_invoice", days_until_due=7)
    stripe_sandbox.v1.invoices.finalize_invoice(rented.latest_invoice)
    note = stripe_sandbox.v1.credit_notes.create({"invoice": rented.latest_invoice, "amount": 4500, "reason": "order_change"})
    assert (note.type, note.pre_payment_amount) == ("pre_payment", 4500)
    assert stripe_sandbox.invoices(customer)[0]["amount_remaining"] == 10000
    stripe_sandbox.v1.credit_notes.create({"invoice": rented.latest_invoice, "amount": 10000})
    assert stripe_sandbox.invoices(customer)[0]["status"] == "paid"


def test_a_credit_note_on_a_paid_invoice_says_where_the_money_goes(stripe_sandbox: Stripe) -> None:
    customer = stripe_sandbox.customer()
    rented = stripe_sandbox.subscribe(customer, stripe_sandbox.price(), 1)
    with pytest.raises(stripe.InvalidRequestError, match="must add up"):
        stripe_sandbox.v1.credit_notes.create({"invoice": rented.latest_invoice, "amount": 900, "credit_amount": 800})
    note = stripe_sandbox.v1.credit_notes.create({"invoice": rented.latest_invoice, "amount": 900, "credit_amount": 400, "refund_amount": 500})
    assert (note.refunds[0].amount_refunded, stripe_sandbox.v1.customers.retrieve(customer.id).balance) == (500, -400)


@pytest.mark.parametrize(
    ("name", "decline"), [("pm_card_chargeDeclined", "generic_decline"), ("pm_card_chargeDeclinedInsufficientFunds", "insufficient_funds")]
)
def test_a_bank_refuses_to_let_a_card_be_kept(stripe_sandbox: Stripe, name: str, decline: str) -> None:
    with pytest.raises(stripe.CardError) as refused:
        stripe_sandbox.customer(name)
    assert (refused.value.code, refused.value.http_status) == ("card_declined", 402)
    assert refused.value.error is not None
    assert refused.value.error.decline_code == decline


def test_paying_with_a_bad_card_fails_and_counts(stripe_sandbox: Stripe) -> None:
    customer = stripe_sandbox.customer(None)
    rented = stripe_sandbox.subscribe(customer, stripe_sandbox.price(), collection_method="send_invoice", days_until_due=7)
    stripe_sandbox.v1.invoices.finalize_invoice(rented.latest_invoice)
    with pytest.raises(stripe.CardError):
        stripe_sandbox.v1.invoices.pay(rented.latest_invoice, {"payment_method": "pm_card_chargeCustomerFail"})
    [invoice] = stripe_sandbox.invoices(customer)
    assert (invoice["status"], invoice["attempt_count"]) == ("open", 1)
    assert "invoice.payment_failed" in stripe_sandbox.kinds()


def test_a_card_that_needs_a_second_step_waits_for_it(stripe_sandbox: Stripe) -> None:
    customer = stripe_sandbox.customer("pm_card_authenticationRequired")
    rented = stripe_sandbox.subscribe(customer, stripe_sandbox.price())
    assert rented.status == "incomplete"
    assert "invoice.payment_action_required" in stripe_sandbox.kinds()
    [intent] = stripe_sandbox.v1.payment_intents.list({"customer": customer.id}).data
    assert intent.status == "requires_action"


def test_what_will_never_be_paid_is_written_off_and_can_still_be_paid(stripe_sandbox: Stripe) -> None:
    customer = stripe_sandbox.customer(None)
    rented = stripe_sandbox.subscribe(customer, stripe_sandbox.price(), collection_method="send_invoice", days_until_due=7)
    stripe_sandbox.v1.invoices.finalize_invoice(rented.latest_invoice)
    assert stripe_sandbox.v1.invoices.mark_uncollectible(rented.latest_invoice).status == "uncollectible"
    assert stripe_sandbox.v1.invoices.pay(rented.latest_invoice, {"payment_method": "pm_card_visa"}).status == "paid"
    with pytest.raises(stripe.InvalidRequestError, match="already paid"):
        stripe_sandbox.v1.invoices.pay(rented.latest_invoice, {"payment_method": "pm_card_visa"})


def test_a_firms_title_and_tax_number_stand_on_the_invoice(stripe_sandbox: Stripe) -> None:
    fields = [{"name": "发票抬头", "value": "杭州青禾环保设备有限公司"}, {"name": "税号", "value": "91330100MA27XYZ123"}]
    customer = stripe_sandbox.customer(tax_id_data=[{"type": "cn_tin", "value": "91330100MA27XYZ123"}], invoice_settings={"custom_fields": fields})
    stripe_sandbox.subscribe(customer, stripe_sandbox.price())
    [invoice] = stripe_sandbox.invoices(customer)
    assert invoice["custom_fields"] == fields
    assert invoice["customer_tax_ids"] == [{"type": "cn_tin", "value": "91330100MA27XYZ123"}]
    assert invoice["customer_name"] == "杭州青禾环保设备有限公司"
    with pytest.raises(stripe.InvalidRequestError) as refused:
        stripe_sandbox.v1.customers.tax_ids.create(customer.id, {"type": "cn_tin", "value": "1"})
    assert refused.value.code == "tax_id_invalid"
