"""Invoice items: what waits for the next invoice."""

from sandbox.stripe import lines
from sandbox.stripe.api import Call, delete, get, page, post
from sandbox.stripe.faults import Fault, invalid
from sandbox.stripe.proration import Draft
from sandbox.stripe.store import Thing
from sandbox.stripe.world import World


def pend(world: World, subscription: Thing, draft: Draft) -> Thing:
    """A proration of a subscription, for its next invoice."""
    rent = draft.rent
    made = world.make("invoiceitem", "ii", subscription, amount=draft.amount, net_amount=draft.amount, currency=rent.price["currency"])
    made |= {"customer": subscription["customer"], "date": world.now(subscription), "description": draft.what, "proration": draft.is_proration}
    made |= {"quantity": rent.quantity, "quantity_decimal": str(rent.quantity), "period": {"start": draft.start, "end": draft.end}}
    made |= {"pricing": lines.pricing(rent.price), "test_clock": subscription["test_clock"]}
    details = {"subscription": subscription["id"], "subscription_item": rent.item}
    return world.create(made | {"parent": {"type": "subscription_details", "subscription_details": details}})


def pending(world: World, customer: str, subscription: str | None) -> list[Thing]:
    """Oldest first; those of the customer alone come on any invoice."""
    waiting = [one for one in reversed(world.store.select("invoiceitem", customer)) if one["invoice"] is None]
    return [one for one in waiting if subscription_of(one) in {None, subscription}]


def subscription_of(item: Thing) -> str | None:
    return item["parent"]["subscription_details"]["subscription"] if item["parent"] else None


def place(world: World, items: list[Thing], invoice: str) -> None:
    for item in items:
        world.save(item | {"invoice": invoice})


@post("/invoiceitems")
def create(call: Call) -> Thing:
    world, params = call.world, call.params
    customer = world.need("customer", params.need("customer"), "customer")
    amount, currency = params.whole("amount"), params.need("currency").lower()
    if amount is None:
        raise Fault("Missing required param: amount.", code="parameter_missing", param="amount")
    now = world.now(customer)
    made = world.make("invoiceitem", "ii", customer, amount=amount, net_amount=amount, currency=currency, customer=customer["id"], date=now)
    made |= {"quantity": 1, "quantity_decimal": "1", "period": {"start": now, "end": now}, "discountable": True, "test_clock": customer["test_clock"]}
    made |= {"description": params.text("description"), "metadata": params.map("metadata")}
    if invoice := params.text("invoice"):
        _put_on(world, made, world.need("invoice", invoice, "invoice"))
    return world.create(made)


def _put_on(world: World, item: Thing, invoice: Thing) -> None:
    from sandbox.stripe.invoicing import count

    if invoice["status"] != "draft":
        raise invalid("invoice", "Only a draft takes more lines.")
    item["invoice"] = invoice["id"]
    invoice["lines"]["data"].append(lines.of_item(item) | {"invoice": invoice["id"]})
    world.save(count(world, invoice))


@get("/invoiceitems")
def index(call: Call) -> Thing:
    waits = call.params.truth("pending")
    found = call.world.store.select("invoiceitem", call.params.text("customer"))
    return page(call, "/v1/invoiceitems", [one for one in found if waits is None or (one["invoice"] is None) == waits])


@get("/invoiceitems/<identity>")
def show(call: Call, identity: str) -> Thing:
    return call.world.need("invoiceitem", identity)


@delete("/invoiceitems/<identity>")
def remove(call: Call, identity: str) -> Thing:
    item = call.world.need("invoiceitem", identity)
    if item["invoice"] is not None:
        raise invalid("id", "This invoice item stands on an invoice and cannot be deleted.")
    call.world.remove(item)
    return {"id": identity, "object": "invoiceitem", "deleted": True}
