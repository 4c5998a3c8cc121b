"""Products: what is sold."""

from sandbox.stripe.api import Call, delete, get, keep_where, page, post
from sandbox.stripe.faults import Fault
from sandbox.stripe.forms import Params
from sandbox.stripe.store import Thing
from sandbox.stripe.world import World


@post("/products")
def create(call: Call) -> Thing:
    world, params = call.world, call.params
    made = world.make("product", "prod", name=params.need("name"))
    if identity := params.text("id"):
        if world.store.get(identity):
            raise Fault(f"Product already exists: {identity}", code="resource_already_exists", param="id")
        made["id"] = identity
    _write(world, params, made)
    return world.create(made)


@get("/products")
def index(call: Call) -> Thing:
    found = keep_where(call.world.store.select("product"), active=call.params.truth("active"))
    wanted = call.params.texts("ids")
    return page(call, "/v1/products", [one for one in found if not wanted or one["id"] in wanted])


@get("/products/<identity>")
def show(call: Call, identity: str) -> Thing:
    return call.world.need("product", identity)


@post("/products/<identity>")
def change(call: Call, identity: str) -> Thing:
    with call.world.changing("product", identity) as product:
        if "name" in call.params:
            product["name"] = call.params.need("name")
        _write(call.world, call.params, product)
        product["updated"] = call.world.now()
    return product


@delete("/products/<identity>")
def remove(call: Call, identity: str) -> Thing:
    product = call.world.need("product", identity)
    if any(price["product"] == identity for price in call.world.store.select("price")):
        raise Fault("This product cannot be deleted because it has one or more user-created prices.", param="id")
    call.world.remove(product)
    return {"id": identity, "object": "product", "deleted": True}


def _write(world: World, params: Params, product: Thing) -> None:
    params.change(product, "description", "unit_label", "statement_descriptor", "url")
    if (active := params.truth("active")) is not None:
        product["active"] = active
    if price := params.text("default_price"):
        product["default_price"] = world.need("price", price, "default_price")["id"]
    if "marketing_features" in params:
        product["marketing_features"] = [{"name": part.need("name")} for part in params.parts("marketing_features")]
    product["metadata"] = params.map("metadata", product["metadata"])
