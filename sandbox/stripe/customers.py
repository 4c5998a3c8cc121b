"""Customers: who pays."""

from sandbox.stripe import payment_methods, tax_ids
from sandbox.stripe.addresses import address
from sandbox.stripe.api import Call, delete, get, included, keep_where, listing, page, post
from sandbox.stripe.faults import invalid
from sandbox.stripe.forms import Params
from sandbox.stripe.store import Thing
from sandbox.stripe.world import World, new_id

LONGEST_PREFIX = 8


@post("/customers")
def create(call: Call) -> Thing:
    world, params = call.world, call.params
    made = world.make("customer", "cus", test_clock=_clock(world, params))
    made["invoice_prefix"] = new_id("x")[2 : 2 + LONGEST_PREFIX].upper()
    if "balance" in params:
        made["balance"] = params.whole("balance") or 0
    method = params.text("payment_method")
    _write(params, made)
    world.create(made)
    for part in params.parts("tax_id_data"):
        tax_ids.add(world, made, part)
    if method:
        payment_methods.attach(world, payment_methods.find(world, method), made)
    _use(world, params, made)
    return world.save(made)


@get("/customers")
def index(call: Call) -> Thing:
    found = call.world.store.select("customer")
    asked = {"email": call.params.text("email"), "test_clock": call.params.text("test_clock")}
    return page(call, "/v1/customers", [one for one in keep_where(found, **asked) if not one.get("deleted")])


@get("/customers/<identity>")
def show(call: Call, identity: str) -> Thing:
    gone = call.world.find("customer", identity)
    return gone if gone is not None and gone.get("deleted") else call.world.need("customer", identity)


@post("/customers/<identity>")
def change(call: Call, identity: str) -> Thing:
    with call.world.changing("customer", identity) as customer:
        _write(call.params, customer)
        _use(call.world, call.params, customer)
    return customer


@delete("/customers/<identity>")
def remove(call: Call, identity: str) -> Thing:
    """Its subscriptions end; the API goes on knowing that it was there."""
    from sandbox.stripe.ending import end

    world = call.world
    customer = world.need("customer", identity)
    for subscription in world.store.select("subscription", identity):
        if subscription["status"] not in {"canceled", "incomplete_expired"}:
            end(world, subscription, "cancellation_requested")
    world.remove(customer)
    gone: Thing = {"id": identity, "object": "customer", "deleted": True}
    world.store.put(gone)
    return gone


@get("/customers/<identity>/payment_methods")
def methods(call: Call, identity: str) -> Thing:
    call.world.need("customer", identity)
    found = call.world.store.select("payment_method", identity)
    return page(call, f"/v1/customers/{identity}/payment_methods", keep_where(found, type=call.params.text("type")))


def _clock(world: World, params: Params) -> str | None:
    clock = params.text("test_clock")
    return str(world.need("test_helpers.test_clock", clock, "test_clock")["id"]) if clock else None


def _write(params: Params, customer: Thing) -> None:
    params.change(customer, "name", "email", "phone", "description")
    if (exempt := params.choice("tax_exempt", "none", "exempt", "reverse")) is not None:
        customer["tax_exempt"] = exempt
    if "preferred_locales" in params:
        customer["preferred_locales"] = params.texts("preferred_locales")
    if "address" in params:
        customer["address"] = address(params.part("address"))
    customer["metadata"] = params.map("metadata", customer["metadata"])


def _use(world: World, params: Params, customer: Thing) -> None:
    """How its invoices look, and what pays them."""
    said, settings = params.part("invoice_settings"), customer["invoice_settings"]
    said.change(settings, "footer")
    if "custom_fields" in said:
        settings["custom_fields"] = custom_fields(said)
    if "default_payment_method" in said:
        method = said.text("default_payment_method")
        found = payment_methods.find(world, method) if method else None
        if found is not None and found["customer"] != customer["id"]:
            raise invalid("invoice_settings[default_payment_method]", "The customer does not have a payment method with that ID; attach it first.")
        settings["default_payment_method"] = found["id"] if found else None


def custom_fields(params: Params) -> list[Thing] | None:
    """Up to four lines of the payer's own on an invoice, such as the title and tax number of a Chinese firm."""
    fields = [{"name": part.need("name"), "value": part.need("value")} for part in params.parts("custom_fields")]
    if len(fields) > 4:
        raise invalid("custom_fields", "An invoice shows at most four custom fields.")
    if any(len(one["name"]) > 40 or len(one["value"]) > 140 for one in fields):
        raise invalid("custom_fields", "The name of a custom field has at most 40 characters, its value 140.")
    return fields or None


@included("customer", "subscriptions")
def subscriptions(world: World, customer: Thing) -> Thing:
    going = [one for one in world.store.select("subscription", customer["id"]) if one["status"] not in {"canceled", "incomplete_expired"}]
    return listing(f"/v1/customers/{customer['id']}/subscriptions", going)
