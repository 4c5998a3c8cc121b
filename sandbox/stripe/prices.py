"""Prices: what a product costs, once or each period. Amounts are in the smallest unit of the currency (分)."""

from sandbox.stripe.api import Call, get, keep_where, page, post
from sandbox.stripe.faults import Fault
from sandbox.stripe.forms import Params
from sandbox.stripe.store import Thing
from sandbox.stripe.world import World

INTERVALS = ("day", "week", "month", "year")


@post("/prices")
def create(call: Call) -> Thing:
    world, params = call.world, call.params
    amount = params.count("unit_amount")
    if amount is None:
        raise Fault("Missing required param: unit_amount.", code="parameter_missing", param="unit_amount")
    product = world.need("product", params.need("product"), "product")
    made = world.make("price", "price", product=product["id"], currency=params.need("currency").lower())
    made |= {"unit_amount": amount, "unit_amount_decimal": str(amount), "recurring": _recurring(params)}
    made["type"] = "recurring" if made["recurring"] else "one_time"
    made["tax_behavior"] = params.choice("tax_behavior", "unspecified", "inclusive", "exclusive") or "unspecified"
    _write(world, params, made)
    return world.create(made)


def _recurring(params: Params) -> Thing | None:
    if "recurring" not in params:
        return None
    said = params.part("recurring")
    interval = said.choice("interval", *INTERVALS) or said.need("interval")
    usage = said.choice("usage_type", "licensed") or "licensed"
    return {
        "interval": interval,
        "interval_count": said.count("interval_count", least=1) or 1,
        "meter": None,
        "usage_type": usage,
        "trial_period_days": None,
    }


@get("/prices")
def index(call: Call) -> Thing:
    params = call.params
    keys = params.texts("lookup_keys")
    asked = {"active": params.truth("active"), "product": params.text("product"), "type": params.choice("type", "one_time", "recurring")}
    found = keep_where(call.world.store.select("price"), currency=params.text("currency"), **asked)
    return page(call, "/v1/prices", [one for one in found if not keys or one["lookup_key"] in keys])


@get("/prices/<identity>")
def show(call: Call, identity: str) -> Thing:
    return call.world.need("price", identity)


@post("/prices/<identity>")
def change(call: Call, identity: str) -> Thing:
    """An amount never changes: what was agreed stays."""
    with call.world.changing("price", identity) as price:
        _write(call.world, call.params, price)
    return price


def _write(world: World, params: Params, price: Thing) -> None:
    params.change(price, "nickname")
    if (active := params.truth("active")) is not None:
        price["active"] = active
    if "lookup_key" in params:
        _take_key(world, price, params.text("lookup_key"), transfer=params.truth("transfer_lookup_key") or False)
    price["metadata"] = params.map("metadata", price["metadata"])


def _take_key(world: World, price: Thing, key: str | None, *, transfer: bool) -> None:
    """A lookup key names one price; it moves only when that is said."""
    for other in world.store.select("price"):
        if key and other["lookup_key"] == key and other["id"] != price["id"]:
            if not transfer:
                raise Fault(f"A price (`{other['id']}`) already uses that lookup key.", code="resource_already_exists", param="lookup_key")
            world.save(other | {"lookup_key": None})
    price["lookup_key"] = key


def plan_of(price: Thing) -> Thing:
    """The older shape of a price, which subscription items still bear."""
    from sandbox.stripe.world import blank

    recurring = price["recurring"]
    same = {key: price[key] for key in ("active", "billing_scheme", "created", "currency", "id", "metadata", "nickname", "product")}
    amounts = {"amount": price["unit_amount"], "amount_decimal": price["unit_amount_decimal"]}
    return blank("plan") | same | amounts | {"interval": recurring["interval"], "interval_count": recurring["interval_count"]}
