"""An invoice's way: a draft, final, paid. It is worked out here; invoices.py lets the API ask for it."""

from sandbox.stripe import balance, payment_methods, payments, standing, tax_ids
from sandbox.stripe.faults import Fault
from sandbox.stripe.periods import DAY
from sandbox.stripe.store import Thing
from sandbox.stripe.world import World, new_id

DRAFT_FOR = 3600  # seconds; then a draft of a subscription becomes final by itself
RETRY_DAYS = (3, 5, 7)
"""How long after a failed try the next one comes."""
DAYS_UNTIL_DUE = 30


def assemble(world: World, customer: Thing, reason: str, its_lines: list[Thing], subscription: Thing | None = None, **fields: object) -> Thing:
    """A draft that is not kept: the preview of an invoice is this, too."""
    now = world.now(customer)
    made = world.make("invoice", "in", customer, customer=customer["id"], billing_reason=reason, test_clock=customer["test_clock"])
    made |= {f"customer_{name}": customer[name] for name in ("address", "email", "name", "phone", "shipping", "tax_exempt")}
    made |= {"customer_tax_ids": tax_ids.of(world, customer["id"]), "currency": customer["currency"] or "cny", "period_start": now, "period_end": now}
    made |= {"custom_fields": customer["invoice_settings"]["custom_fields"], "footer": customer["invoice_settings"]["footer"]}
    if subscription is not None:
        _take_over(made, subscription, now)
    made |= fields
    made["lines"] = {"object": "list", "data": its_lines, "has_more": False, "url": f"/v1/invoices/{made['id']}/lines"}
    for line in its_lines:
        line["invoice"] = made["id"]
    return count(world, made)


def _take_over(invoice: Thing, subscription: Thing, now: int) -> None:
    """What a subscription says of its invoices."""
    details = {"metadata": dict(subscription["metadata"]), "subscription": subscription["id"]}
    invoice["parent"] = {"type": "subscription_details", "quote_details": None, "subscription_details": details}
    invoice |= {"collection_method": subscription["collection_method"], "currency": subscription["currency"], "auto_advance": True}
    invoice |= {"description": subscription["description"], "default_payment_method": None}
    settings = subscription["invoice_settings"]
    invoice |= {name: settings[name] for name in ("custom_fields", "description", "footer") if settings[name]}
    if subscription["collection_method"] == "send_invoice":
        invoice["due_date"] = now + (subscription["days_until_due"] or DAYS_UNTIL_DUE) * DAY


def count(world: World, invoice: Thing) -> Thing:
    """Totals, and what is left to pay after the customer's balance."""
    total = sum(line["amount"] for line in invoice["lines"]["data"])
    customer = world.need("customer", invoice["customer"])
    due = max(0, total + customer["balance"])
    invoice |= {"subtotal": total, "subtotal_excluding_tax": total, "total": total, "total_excluding_tax": total}
    return invoice | {"amount_due": due, "amount_remaining": due, "starting_balance": customer["balance"]}


def keep(world: World, invoice: Thing, *, finalizes_in: int | None = DRAFT_FOR) -> Thing:
    """The draft is real from now on; by itself it becomes final a while later."""
    customer = world.need("customer", invoice["customer"])
    if customer["currency"] is None:
        world.save(customer | {"currency": invoice["currency"]})
    if finalizes_in is not None and invoice["auto_advance"]:
        invoice["automatically_finalizes_at"] = world.now(invoice) + finalizes_in
        world.ring(invoice, invoice["automatically_finalizes_at"], "invoice.finalize")
    return world.create(invoice)


def finalize(world: World, invoice: Thing) -> Thing:
    """It gets its number and can be paid; nothing on it changes any more. Nothing to pay is paid at once."""
    if invoice["status"] != "draft":
        raise Fault("This invoice is already finalized, you can't re-finalize a non-draft invoice.", code="invoice_not_editable")
    now = world.now(invoice)
    customer = world.need("customer", invoice["customer"])
    invoice |= {"number": f"{customer['invoice_prefix']}-{customer['next_invoice_sequence']:04d}", "status": "open", "effective_at": now}
    invoice["status_transitions"] |= {"finalized_at": now}
    customer["next_invoice_sequence"] += 1
    _use_balance(world, invoice, customer)
    secret = new_id("x")[2:]
    base = f"{world.address}/i/{invoice['id']}/{secret}"
    invoice |= {"hosted_invoice_url": base, "invoice_pdf": f"{base}/pdf", "automatically_finalizes_at": None}
    world.save(invoice)
    world.store.hide(invoice["id"], secret=secret)
    world.emit("invoice.finalized", invoice)
    if invoice["amount_due"] == 0:
        return settle(world, invoice)
    _ask_for(world, invoice, customer)
    return invoice


def _use_balance(world: World, invoice: Thing, customer: Thing) -> None:
    """Credit pays, debt is added, and what a negative invoice gives back becomes credit."""
    total = invoice["total"]
    invoice["starting_balance"] = customer["balance"]
    due = max(0, total + customer["balance"])
    change = due - total  # what is not paid comes off the credit, or goes onto it
    if change:
        balance.move(world, customer, -change, invoice["currency"], "applied_to_invoice", invoice=invoice["id"])
    else:
        world.save(customer)
    invoice |= {"amount_due": due, "amount_remaining": due, "ending_balance": customer["balance"]}


def _ask_for(world: World, invoice: Thing, customer: Thing) -> None:
    """An intent to collect it, and for a sent invoice the day when it is due."""
    what = "Subscription creation" if invoice["billing_reason"] == "subscription_create" else f"Payment for Invoice {invoice['number']}"
    intent = payments.intend(world, customer, invoice["amount_due"], invoice["currency"], what)
    asked = world.make(
        "invoice_payment", "inpay", invoice, amount_requested=invoice["amount_due"], currency=invoice["currency"], invoice=invoice["id"]
    )
    asked |= {"is_default": True, "status": "open", "payment": {"type": "payment_intent", "payment_intent": intent["id"]}}
    world.create(asked)
    world.store.hide(invoice["id"], payment=asked["id"], intent=intent["id"])
    if invoice["collection_method"] == "send_invoice":
        invoice["due_date"] = invoice["due_date"] or world.now(invoice) + DAYS_UNTIL_DUE * DAY
        world.save(invoice)
        world.ring(invoice, invoice["due_date"], "invoice.due")


def intent_of(world: World, invoice: Thing) -> Thing:
    return world.need("payment_intent", world.store.hidden(invoice["id"])["intent"])


def payer_of(world: World, invoice: Thing) -> Thing | None:
    """The payment method of the invoice, else of its subscription, else of the customer."""
    customer = world.need("customer", invoice["customer"])
    subscription = standing.subscription_of(world, invoice)
    named = (invoice["default_payment_method"], subscription and subscription["default_payment_method"])
    for identity in (*named, customer["invoice_settings"]["default_payment_method"]):
        if identity:
            return payment_methods.find(world, identity)
    return None


def attempt(world: World, invoice: Thing, method: Thing | None = None, *, on_session: bool = False) -> Thing:
    """One try to collect. The invoice says how it went: paid, or open with the next try."""
    method = method or payer_of(world, invoice)
    invoice |= {"attempted": True, "attempt_count": invoice["attempt_count"] + 1}
    if method is None:
        return _failed(world, invoice, needs_step=False)
    intent = payments.confirm(world, intent_of(world, invoice), method, on_session=on_session)
    if intent["status"] == "succeeded":
        return settle(world, invoice)
    return _failed(world, invoice, needs_step=intent["status"] == "requires_action")


def settle(world: World, invoice: Thing, *, out_of_band: bool = False) -> Thing:
    """It is paid."""
    now = world.now(invoice)
    invoice |= {"status": "paid", "amount_paid": invoice["amount_due"], "amount_remaining": 0, "attempted": True, "next_payment_attempt": None}
    invoice["status_transitions"] |= {"paid_at": now}
    invoice["auto_advance"] = False
    world.save(invoice)
    _close_request(world, invoice, paid=not out_of_band)
    world.emit("invoice.paid", invoice)
    world.emit("invoice.payment_succeeded", invoice)
    standing.after_payment(world, invoice)
    return invoice


def _close_request(world: World, invoice: Thing, *, paid: bool) -> None:
    hidden = world.store.hidden(invoice["id"])
    if "payment" not in hidden:
        return
    asked = world.need("invoice_payment", hidden["payment"])
    now = world.now(invoice)
    if paid:
        asked |= {"status": "paid", "amount_paid": asked["amount_requested"]}
        asked["status_transitions"]["paid_at"] = now
        world.emit("invoice_payment.paid", world.save(asked))
    else:
        payments.cancel(world, intent_of(world, invoice), "abandoned")
        asked["status"] = "canceled"
        asked["status_transitions"]["canceled_at"] = now
        world.save(asked)


def _failed(world: World, invoice: Thing, *, needs_step: bool) -> Thing:
    tries = invoice["attempt_count"]
    is_last = invoice["collection_method"] == "charge_automatically" and tries > len(RETRY_DAYS)
    comes_again = invoice["billing_reason"] != "subscription_create" and not world.store.hidden(invoice["id"]).get("pending")
    if invoice["auto_advance"] and comes_again and not is_last:
        invoice["next_payment_attempt"] = world.now(invoice) + RETRY_DAYS[min(tries, len(RETRY_DAYS)) - 1] * DAY
        world.ring(invoice, invoice["next_payment_attempt"], "invoice.retry")
    else:
        invoice["next_payment_attempt"] = None
    world.save(invoice)
    if needs_step:
        world.emit("invoice.payment_action_required", invoice)
    world.emit("invoice.payment_failed", invoice)
    standing.after_failure(world, invoice, is_last=is_last)
    return invoice


def void(world: World, invoice: Thing) -> Thing:
    """It was a mistake: nothing is owed, and credit that it used comes back."""
    if invoice["status"] not in {"open", "uncollectible"}:
        raise Fault(f"You can only void an open or uncollectible invoice; this one is {invoice['status']}.", code="invoice_not_editable")
    customer = world.need("customer", invoice["customer"])
    used = (invoice["ending_balance"] or 0) - invoice["starting_balance"]
    if used:
        balance.move(world, customer, -used, invoice["currency"], "unapplied_from_invoice", invoice=invoice["id"])
    invoice |= {"status": "void", "auto_advance": False, "next_payment_attempt": None}
    invoice["status_transitions"] |= {"voided_at": world.now(invoice)}
    world.save(invoice)
    _close_request(world, invoice, paid=False)
    world.emit("invoice.voided", invoice)
    standing.tell_customer(world, invoice["customer"])
    return invoice
