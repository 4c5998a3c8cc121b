"""Refunds: money that goes back to where it came from."""

from sandbox.stripe.api import Call, get, keep_where, page, post
from sandbox.stripe.faults import Fault
from sandbox.stripe.store import Thing
from sandbox.stripe.world import World

REASONS = ("duplicate", "fraudulent", "requested_by_customer")


def refund(world: World, charge: Thing, amount: int, reason: str | None, metadata: dict[str, str] | None = None) -> Thing:
    left = charge["amount_captured"] - charge["amount_refunded"]
    if left == 0:
        raise Fault(f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded")
    if not 0 < amount <= left:
        raise Fault(f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left})", param="amount")
    owner = world.store.get(charge["customer"]) if charge["customer"] else None
    made = world.make("refund", "re", owner, amount=amount, currency=charge["currency"], charge=charge["id"], status="succeeded", reason=reason)
    made |= {"payment_intent": charge["payment_intent"], "payment_method": charge["payment_method"], "customer": charge["customer"]}
    made |= {"metadata": metadata or {}, "destination_details": {"type": "card", "card": {"type": "refund"}}}
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount_captured"]
    world.save(charge)
    world.create(made)
    world.emit("charge.refunded", charge)
    return made


@post("/refunds")
def create(call: Call) -> Thing:
    world, params = call.world, call.params
    intent = params.text("payment_intent")
    charge_id = world.need("payment_intent", intent, "payment_intent")["latest_charge"] if intent else params.need("charge")
    charge = world.need("charge", charge_id or "", "charge")
    amount = params.count("amount", least=1) or charge["amount_captured"] - charge["amount_refunded"]
    return refund(world, charge, amount, params.choice("reason", *REASONS), dict(params.map("metadata")))


@get("/refunds")
def index(call: Call) -> Thing:
    asked = {"charge": call.params.text("charge"), "payment_intent": call.params.text("payment_intent")}
    return page(call, "/v1/refunds", keep_where(call.world.store.select("refund"), **asked))


@get("/refunds/<identity>")
def show(call: Call, identity: str) -> Thing:
    return call.world.need("refund", identity)
