"""Credit notes: an invoice was too much. What is not paid yet becomes less; what is paid comes back as money or credit."""

from sandbox.stripe import balance, invoicing, refunds
from sandbox.stripe.api import Call, get, keep_where, page, post
from sandbox.stripe.faults import Fault, invalid
from sandbox.stripe.store import Thing
from sandbox.stripe.world import World, blank, new_id

REASONS = ("duplicate", "fraudulent", "order_change", "product_unsatisfactory")


@post("/credit_notes")
def create(call: Call) -> Thing:
    world, params = call.world, call.params
    invoice = world.need("invoice", params.need("invoice"), "invoice")
    amount = params.count("amount", least=1)
    if amount is None:
        raise Fault("Missing required param: amount.", code="parameter_missing", param="amount")
    note = _drafted(world, invoice, amount) | {"reason": params.choice("reason", *REASONS), "memo": params.text("memo")}
    note["metadata"] = params.map("metadata")
    back = {name: params.count(f"{name}_amount") or 0 for name in ("refund", "credit", "out_of_band")}
    if invoice["status"] == "open":
        _lessen(world, invoice, note, amount)
    elif invoice["status"] == "paid":
        _give_back(world, invoice, note, amount, back)
    else:
        raise invalid("invoice", f"A credit note cannot be made for an invoice that is {invoice['status']}.")
    return world.create(note)


def _drafted(world: World, invoice: Thing, amount: int) -> Thing:
    known = len(keep_where(world.store.select("credit_note"), invoice=invoice["id"]))
    made = world.make("credit_note", "cn", invoice, amount=amount, currency=invoice["currency"], customer=invoice["customer"], invoice=invoice["id"])
    made |= {
        "number": f"{invoice['number']}-CN-{known + 1:02d}",
        "effective_at": world.now(invoice),
        "pdf": f"{invoice['invoice_pdf']}?note={made['id']}",
    }
    made |= {"subtotal": amount, "subtotal_excluding_tax": amount, "total": amount, "total_excluding_tax": amount}
    line = blank("credit_note_line_item") | {"id": new_id("cnli"), "amount": amount, "unit_amount": amount, "quantity": 1}
    line |= {"unit_amount_decimal": str(amount), "description": f"Credit for invoice {invoice['number']}"}
    made["lines"] = {"object": "list", "data": [line], "has_more": False, "url": f"/v1/credit_notes/{made['id']}/lines"}
    return made


def _lessen(world: World, invoice: Thing, note: Thing, amount: int) -> None:
    """The invoice is open: less is to be paid. Nothing left is paid."""
    if amount > invoice["amount_remaining"]:
        raise invalid("amount", "The credit note is more than what remains to be paid.")
    note |= {"type": "pre_payment", "pre_payment_amount": amount}
    invoice["pre_payment_credit_notes_amount"] += amount
    invoice |= {"amount_due": invoice["amount_due"] - amount, "amount_remaining": invoice["amount_remaining"] - amount}
    world.save(invoice)
    if invoice["amount_remaining"] == 0:
        invoicing.settle(world, invoice, out_of_band=True)
        return
    intent = invoicing.intent_of(world, invoice)
    world.save(intent | {"amount": invoice["amount_remaining"]})


def _give_back(world: World, invoice: Thing, note: Thing, amount: int, back: dict[str, int]) -> None:
    if sum(back.values()) != amount:
        raise invalid("amount", "refund_amount, credit_amount and out_of_band_amount must add up to the amount of the credit note.")
    if invoice["post_payment_credit_notes_amount"] + amount > invoice["total"]:
        raise invalid("amount", "The credit notes are more than the invoice was.")
    note |= {"type": "post_payment", "post_payment_amount": amount, "out_of_band_amount": back["out_of_band"] or None}
    if back["refund"]:
        charge = world.need("charge", invoicing.intent_of(world, invoice)["latest_charge"])
        made = refunds.refund(world, charge, back["refund"], None)
        note["refunds"] = [{"amount_refunded": back["refund"], "refund": made["id"], "payment_record_refund": None, "type": "refund"}]
    if back["credit"]:
        customer = world.need("customer", invoice["customer"])
        moved = balance.move(world, customer, -back["credit"], invoice["currency"], "credit_note", credit_note=note["id"])
        note["customer_balance_transaction"] = moved["id"]
    invoice["post_payment_credit_notes_amount"] += amount
    world.save(invoice)


@get("/credit_notes")
def index(call: Call) -> Thing:
    found = call.world.store.select("credit_note", call.params.text("customer"))
    return page(call, "/v1/credit_notes", keep_where(found, invoice=call.params.text("invoice")))


@get("/credit_notes/<identity>")
def show(call: Call, identity: str) -> Thing:
    return call.world.need("credit_note", identity)
