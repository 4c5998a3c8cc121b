"""Payment intents and charges: one intent for what is owed, one charge for each try to collect it."""

from sandbox.stripe import payment_methods
from sandbox.stripe.api import Call, get, keep_where, page
from sandbox.stripe.cards import SENTENCES, Card
from sandbox.stripe.store import Thing
from sandbox.stripe.world import World, blank, new_id

DESCRIPTOR = "ZUKE"


def intend(world: World, customer: Thing, amount: int, currency: str, description: str) -> Thing:
    made = world.make("payment_intent", "pi", customer, amount=amount, currency=currency, customer=customer["id"], description=description)
    return world.create(made | {"client_secret": f"{made['id']}_secret_{new_id('x')[2:]}"})


def confirm(world: World, intent: Thing, method: Thing, *, on_session: bool = False) -> Thing:
    """Try to collect. The intent says how it went: succeeded, requires_action, or requires_payment_method again.

    `on_session`: the customer has just passed the bank's second step.
    """
    card = payment_methods.card_of(world, method)
    intent["payment_method"] = method["id"]
    if card is not None and not on_session and asks_again(world, card, method):
        return _ask(world, intent)
    if card is not None and card.refusal:
        return _fail(world, intent, method, card.refusal)
    if card is not None and card.asks == "once":
        world.store.hide(method["id"], remembered=True)
    return _succeed(world, intent, method)


def asks_again(world: World, card: Card, method: Thing) -> bool:
    return card.asks == "always" or (card.asks == "once" and not world.store.hidden(method["id"]).get("remembered"))


def fail_step(world: World, intent: Thing) -> Thing:
    """The customer did not pass the second step."""
    method = world.need("payment_method", intent["payment_method"])
    return _fail(world, intent, method, "authentication_required")


def cancel(world: World, intent: Thing, reason: str) -> None:
    if intent["status"] not in {"succeeded", "canceled"}:
        intent |= {"status": "canceled", "canceled_at": world.now(intent), "cancellation_reason": reason, "next_action": None}
        world.save(intent)
        world.emit("payment_intent.canceled", intent)


def _ask(world: World, intent: Thing) -> Thing:
    step = {"type": "use_stripe_sdk", "use_stripe_sdk": {"type": "three_d_secure_redirect"}}
    world.save(intent | {"status": "requires_action", "next_action": step})
    intent |= {"status": "requires_action", "next_action": step}
    world.emit("payment_intent.requires_action", intent)
    return intent


def _succeed(world: World, intent: Thing, method: Thing) -> Thing:
    charge = _charge(world, intent, method) | {"paid": True, "captured": True, "amount_captured": intent["amount"]}
    charge["outcome"] = blank("charge.outcome") | {
        "type": "authorized",
        "network_status": "approved_by_network",
        "seller_message": "Payment complete.",
    }
    world.create(charge)
    intent |= {"status": "succeeded", "amount_received": intent["amount"], "latest_charge": charge["id"], "next_action": None}
    intent["last_payment_error"] = None
    world.save(intent)
    world.emit("charge.succeeded", charge)
    world.emit("payment_intent.succeeded", intent)
    return intent


def _fail(world: World, intent: Thing, method: Thing, decline: str) -> Thing:
    said, code = SENTENCES[decline], decline if decline == "authentication_required" else "card_declined"
    charge = _charge(world, intent, method) | {"status": "failed", "failure_code": code, "failure_message": said}
    refused = {"type": "issuer_declined", "network_status": "declined_by_network", "reason": decline, "seller_message": said}
    charge["outcome"] = blank("charge.outcome") | refused
    world.create(charge)
    error = {"type": "card_error", "code": code, "decline_code": decline, "message": said, "charge": charge["id"], "payment_method": method}
    intent |= {"status": "requires_payment_method", "latest_charge": charge["id"], "last_payment_error": error, "next_action": None}
    intent["payment_method"] = None
    world.save(intent)
    world.emit("charge.failed", charge)
    world.emit("payment_intent.payment_failed", intent)
    return intent


def _charge(world: World, intent: Thing, method: Thing) -> Thing:
    made = world.make("charge", "ch", intent, amount=intent["amount"], currency=intent["currency"], customer=intent["customer"])
    made |= {"payment_intent": intent["id"], "payment_method": method["id"], "description": intent["description"]}
    made |= {"calculated_statement_descriptor": DESCRIPTOR, "billing_details": method["billing_details"]}
    made["refunds"]["url"] = f"/v1/charges/{made['id']}/refunds"
    return made | {"payment_method_details": _details(method)}


def _details(method: Thing) -> Thing:
    kind = method["type"]
    if kind != "card":
        return {"type": kind, kind: {}}
    shown = {key: method["card"][key] for key in ("brand", "checks", "country", "exp_month", "exp_year", "fingerprint", "funding", "last4")}
    return {"type": "card", "card": blank("charge.card") | shown | {"network": method["card"]["brand"]}}


@get("/payment_intents")
def index(call: Call) -> Thing:
    found = call.world.store.select("payment_intent", call.params.text("customer"))
    return page(call, "/v1/payment_intents", found)


@get("/payment_intents/<identity>")
def show(call: Call, identity: str) -> Thing:
    return call.world.need("payment_intent", identity)


@get("/charges")
def charges(call: Call) -> Thing:
    found = call.world.store.select("charge", call.params.text("customer"))
    return page(call, "/v1/charges", keep_where(found, payment_intent=call.params.text("payment_intent")))


@get("/charges/<identity>")
def charge(call: Call, identity: str) -> Thing:
    return call.world.need("charge", identity)
