"""Invoices, as the API asks for them."""

from sandbox.stripe import invoice_items, invoicing, payment_methods, standing
from sandbox.stripe.api import Call, delete, get, included, keep_where, listing, page, post
from sandbox.stripe.customers import custom_fields
from sandbox.stripe.faults import CardRefused, Fault, invalid
from sandbox.stripe.forms import Params
from sandbox.stripe.lines import of_item
from sandbox.stripe.periods import DAY
from sandbox.stripe.store import Thing
from sandbox.stripe.world import World

STATUSES = ("draft", "open", "paid", "uncollectible", "void")


@post("/invoices")
def create(call: Call) -> Thing:
    """Over what waits for the customer."""
    world, params = call.world, call.params
    customer = world.need("customer", params.need("customer"), "customer")
    includes = params.choice("pending_invoice_items_behavior", "include", "exclude") == "include"
    waiting = [one for one in invoice_items.pending(world, customer["id"], None) if includes]
    how = params.choice("collection_method", "charge_automatically", "send_invoice") or "charge_automatically"
    days = params.count("days_until_due")
    due = world.now(customer) + (days if days is not None else invoicing.DAYS_UNTIL_DUE) * DAY if how == "send_invoice" else None
    currency = (params.text("currency") or customer["currency"] or "cny").lower()
    made = invoicing.assemble(world, customer, "manual", [of_item(one) for one in waiting], collection_method=how, due_date=due, currency=currency)
    made["auto_advance"] = params.truth("auto_advance") or False
    _write(params, made)
    invoicing.keep(world, made)
    invoice_items.place(world, waiting, made["id"])
    return made


def _write(params: Params, invoice: Thing) -> None:
    params.change(invoice, "description", "footer")
    if "custom_fields" in params:
        invoice["custom_fields"] = custom_fields(params)
    invoice["metadata"] = params.map("metadata", invoice["metadata"])


@get("/invoices")
def index(call: Call) -> Thing:
    world, params = call.world, call.params
    asked = {"status": params.choice("status", *STATUSES), "collection_method": params.text("collection_method")}
    found = keep_where(world.store.select("invoice", params.text("customer")), **asked)
    subscription = params.text("subscription")
    return page(call, "/v1/invoices", [one for one in found if subscription is None or _subscription(one) == subscription])


def _subscription(invoice: Thing) -> str | None:
    details = invoice["parent"] and invoice["parent"]["subscription_details"]
    return details["subscription"] if details else None


@get("/invoices/<identity>")
def show(call: Call, identity: str) -> Thing:
    return call.world.need("invoice", identity)


@get("/invoices/<identity>/lines")
def its_lines(call: Call, identity: str) -> Thing:
    return page(call, f"/v1/invoices/{identity}/lines", call.world.need("invoice", identity)["lines"]["data"])


@post("/invoices/<identity>")
def change(call: Call, identity: str) -> Thing:
    """A draft may be written; of a final one only what is no part of it."""
    world, params = call.world, call.params
    invoice = world.need("invoice", identity)
    if invoice["status"] != "draft" and {"description", "footer", "custom_fields"} & {name for name in invoice if name in params}:
        raise Fault("Finalized invoices can't be updated in this way.", code="invoice_not_editable")
    _write(params, invoice)
    if (advances := params.truth("auto_advance")) is not None:
        invoice["auto_advance"] = advances
    if method := params.text("default_payment_method"):
        invoice["default_payment_method"] = payment_methods.find(world, method)["id"]
    return world.save(invoice)


@delete("/invoices/<identity>")
def remove(call: Call, identity: str) -> Thing:
    invoice = call.world.need("invoice", identity)
    if invoice["status"] != "draft" or _subscription(invoice):
        raise Fault("You can only delete draft invoices that belong to no subscription.", code="invoice_not_editable")
    call.world.remove(invoice)
    return {"id": identity, "object": "invoice", "deleted": True}


@post("/invoices/<identity>/finalize")
def finalization(call: Call, identity: str) -> Thing:
    world = call.world
    invoice = world.need("invoice", identity)
    if (advances := call.params.truth("auto_advance")) is not None:
        invoice["auto_advance"] = advances
    return invoicing.finalize(world, invoice)


@post("/invoices/<identity>/send")
def sending(call: Call, identity: str) -> Thing:
    """By mail, to the customer; here the event is all that leaves."""
    world = call.world
    invoice = world.need("invoice", identity)
    if invoice["collection_method"] != "send_invoice":
        raise Fault("You can only manually send an invoice if its collection method is 'send_invoice'.", code="invoice_not_editable")
    if invoice["status"] == "draft":
        invoice = invoicing.finalize(world, invoice)
    world.emit("invoice.sent", invoice)
    return invoice


@post("/invoices/<identity>/pay")
def payment(call: Call, identity: str) -> Thing:
    """With a card, or said to be paid elsewhere. A refusal is an error, and the try counts."""
    world, params = call.world, call.params
    invoice = world.need("invoice", identity)
    if invoice["status"] == "draft":
        invoice = invoicing.finalize(world, invoice)
    if invoice["status"] == "paid" and "payment" not in world.store.hidden(identity):
        return invoice
    require_payable(invoice)
    if params.truth("paid_out_of_band"):
        return invoicing.settle(world, invoice, out_of_band=True)
    params.truth("off_session")
    method = params.text("payment_method")
    found = payment_methods.find(world, method) if method else invoicing.payer_of(world, invoice)
    if found is None:
        raise invalid("payment_method", "There is no `default_payment_method` set on this Customer or Invoice. Please pass in a payment method.")
    invoice = invoicing.attempt(world, invoice, found)
    if invoice["status"] != "paid":
        raise _refusal(world, invoice)
    return invoice


def require_payable(invoice: Thing) -> None:
    if invoice["status"] not in {"open", "uncollectible"}:
        said = "Invoice is already paid" if invoice["status"] == "paid" else f"This invoice is {invoice['status']} and cannot be paid."
        raise Fault(said, code="invoice_already_paid" if invoice["status"] == "paid" else "invoice_not_payable")


def _refusal(world: World, invoice: Thing) -> CardRefused:
    error = invoicing.intent_of(world, invoice)["last_payment_error"]
    if error:
        return CardRefused(error["message"], keeps=True, code=error["code"], decline_code=error["decline_code"])
    return CardRefused("This payment requires additional user action.", keeps=True, code="invoice_payment_intent_requires_action")


@post("/invoices/<identity>/void")
def voiding(call: Call, identity: str) -> Thing:
    return invoicing.void(call.world, call.world.need("invoice", identity))


@post("/invoices/<identity>/mark_uncollectible")
def giving_up(call: Call, identity: str) -> Thing:
    world = call.world
    invoice = world.need("invoice", identity)
    if invoice["status"] != "open":
        raise Fault(f"You can only mark open invoices as uncollectible; this one is {invoice['status']}.", code="invoice_not_editable")
    invoice |= {"status": "uncollectible", "auto_advance": False, "next_payment_attempt": None}
    invoice["status_transitions"]["marked_uncollectible_at"] = world.now(invoice)
    world.save(invoice)
    world.emit("invoice.marked_uncollectible", invoice)
    standing.tell_customer(world, invoice["customer"])
    return invoice


@included("invoice", "payments")
def payments_of(world: World, invoice: Thing) -> Thing:
    mine = keep_where(world.store.select("invoice_payment"), invoice=invoice["id"])
    return listing(f"/v1/invoice_payments?invoice={invoice['id']}", mine)


@get("/invoice_payments")
def payments(call: Call) -> Thing:
    asked = {"invoice": call.params.text("invoice"), "status": call.params.choice("status", "open", "paid", "canceled")}
    return page(call, "/v1/invoice_payments", keep_where(call.world.store.select("invoice_payment"), **asked))


@get("/invoice_payments/<identity>")
def one_payment(call: Call, identity: str) -> Thing:
    return call.world.need("invoice_payment", identity)
