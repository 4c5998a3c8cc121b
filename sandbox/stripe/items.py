"""The items of a subscription: read as rents, changed as rents."""

from sandbox.stripe import prices
from sandbox.stripe.api import Call, get, page
from sandbox.stripe.faults import Fault, invalid
from sandbox.stripe.forms import Params
from sandbox.stripe.proration import Rent
from sandbox.stripe.store import Thing
from sandbox.stripe.world import World, new_id

MOST = 20


def rents_of(world: World, subscription: Thing) -> list[Rent]:
    return [Rent(one["id"], world.need("price", one["price"]["id"]), one["quantity"]) for one in subscription["items"]["data"]]


def wanted(world: World, params: Params, now: list[Rent]) -> list[Rent]:
    """The items after a call: those that it names are changed, added or deleted, the others stay."""
    result = list(now)
    for part in params.parts("items"):
        identity = part.text("id")
        old = next((one for one in result if one.item == identity), None)
        if identity and old is None:
            raise invalid(part.place("id"), f"No such subscription item: '{identity}'")
        if part.truth("deleted"):
            result = [one for one in result if one != old]
            continue
        price = part.text("price")
        found = world.need("price", price, part.place("price")) if price else old.price if old else None
        if found is None:
            raise Fault(f"Missing required param: {part.place('price')}.", code="parameter_missing", param=part.place("price"))
        if price and not found["active"] and (old is None or old.price["id"] != price):
            raise invalid(part.place("price"), "The price specified is inactive. This field only accepts active prices.")
        quantity = part.count("quantity")
        new = Rent(old.item if old else new_id("si"), found, quantity if quantity is not None else old.quantity if old else 1)
        result = [new if one == old else one for one in result] if old else [*result, new]
    require_one_rhythm(result)
    return result


def require_one_rhythm(rents: list[Rent]) -> None:
    """All items of a subscription are paid in the same currency for the same period."""
    if not 0 < len(rents) <= MOST:
        raise Fault(f"A subscription has between 1 and {MOST} items.", param="items")
    if any(one.price["recurring"] is None for one in rents):
        raise invalid("items", "The price specified is set to `type=one_time` but this field only accepts prices with `type=recurring`.")
    if len({(one.price["currency"], rhythm(one)) for one in rents}) > 1:
        raise invalid("items", "All prices of a subscription must have the same currency and the same billing interval.")
    if len({one.price["id"] for one in rents}) < len(rents):
        raise invalid("items", "Cannot add multiple subscription items with the same price.")


def rhythm(rent: Rent) -> tuple[str, int]:
    return rent.price["recurring"]["interval"], rent.price["recurring"]["interval_count"]


def write(world: World, subscription: Thing, rents: list[Rent], start: int, end: int) -> None:
    """Sets the items and their period; those that stay keep what is known of them."""
    known = {one["id"]: one for one in subscription["items"]["data"]}
    made: list[Thing] = []
    for rent in rents:
        item = known.get(rent.item) or world.make("subscription_item", "si", subscription, id=rent.item, subscription=subscription["id"])
        item |= {"price": rent.price, "plan": prices.plan_of(rent.price), "quantity": rent.quantity}
        made.append(item | {"current_period_start": start, "current_period_end": end})
    url = f"/v1/subscription_items?subscription={subscription['id']}"
    subscription["items"] = {"object": "list", "data": made, "has_more": False, "url": url}


def period_of(subscription: Thing) -> tuple[int, int]:
    first = subscription["items"]["data"][0]
    return first["current_period_start"], first["current_period_end"]


@get("/subscription_items")
def index(call: Call) -> Thing:
    subscription = call.world.need("subscription", call.params.need("subscription"), "subscription")
    return page(call, f"/v1/subscription_items?subscription={subscription['id']}", subscription["items"]["data"])


@get("/subscription_items/<identity>")
def show(call: Call, identity: str) -> Thing:
    for subscription in call.world.store.select("subscription"):
        for item in subscription["items"]["data"]:
            if item["id"] == identity:
                found: Thing = item
                return found
    raise invalid("item", f"No such subscription_item: '{identity}'")
