"""Tax numbers of customers: `cn_tin` is the 统一社会信用代码 of a Chinese firm."""

import re

from sandbox.stripe.api import Call, delete, get, included, listing, page, post
from sandbox.stripe.faults import Fault, no_such
from sandbox.stripe.forms import Params
from sandbox.stripe.store import Thing
from sandbox.stripe.world import World

COUNTRIES = {"cn_tin": "CN", "hk_br": "HK", "tw_vat": "TW", "sg_gst": "SG", "us_ein": "US", "gb_vat": "GB", "eu_vat": None}
SHAPES = {"cn_tin": r"[0-9A-Z]{15}|[0-9A-Z]{18}", "hk_br": r"\d{8}", "tw_vat": r"\d{8}", "us_ein": r"\d{2}-?\d{7}"}
MOST = 5


def add(world: World, customer: Thing, params: Params) -> Thing:
    kind, value = params.choice("type", *COUNTRIES) or params.need("type"), params.need("value")
    if not re.fullmatch(SHAPES.get(kind, r"[0-9A-Za-z -]{4,32}"), value):
        raise Fault(f"Invalid value for {kind}.", code="tax_id_invalid", param=params.place("value"))
    if len(world.store.select("tax_id", customer["id"])) >= MOST:
        raise Fault(f"A customer has at most {MOST} tax IDs.", code="tax_id_limit")
    owner = {"type": "customer", "customer": customer["id"], "account": None, "application": None, "customer_account": None}
    verification = {"status": "unavailable", "verified_address": None, "verified_name": None}
    made = world.make("tax_id", "txi", customer, type=kind, value=value, country=COUNTRIES[kind], customer=customer["id"])
    return world.create(made | {"owner": owner, "verification": verification})


def of(world: World, customer: str) -> list[Thing]:
    """As they stand on invoices."""
    return [{"type": one["type"], "value": one["value"]} for one in reversed(world.store.select("tax_id", customer))]


@post("/customers/<customer>/tax_ids")
def create(call: Call, customer: str) -> Thing:
    return add(call.world, call.world.need("customer", customer), call.params)


@get("/customers/<customer>/tax_ids")
def index(call: Call, customer: str) -> Thing:
    call.world.need("customer", customer)
    return page(call, f"/v1/customers/{customer}/tax_ids", call.world.store.select("tax_id", customer))


@get("/customers/<customer>/tax_ids/<identity>")
def show(call: Call, customer: str, identity: str) -> Thing:
    found = call.world.need("tax_id", identity)
    if found["customer"] != customer:
        raise no_such("tax_id", identity)
    return found


@delete("/customers/<customer>/tax_ids/<identity>")
def remove(call: Call, customer: str, identity: str) -> Thing:
    call.world.remove(show(call, customer, identity))
    return {"id": identity, "object": "tax_id", "deleted": True}


@included("customer", "tax_ids")
def shown(world: World, customer: Thing) -> Thing:
    return listing(f"/v1/customers/{customer['id']}/tax_ids", world.store.select("tax_id", customer["id"]))
