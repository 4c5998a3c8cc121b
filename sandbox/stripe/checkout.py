"""Checkout sessions: a page on which a customer subscribes, or leaves a card for later. checkout_page.py shows it."""

from typing import Any

from sandbox.stripe import items, lines, payment_methods, subscriptions
from sandbox.stripe.api import Call, get, included, keep_where, listing, page, post
from sandbox.stripe.cards import Card
from sandbox.stripe.faults import Fault, invalid
from sandbox.stripe.forms import Params
from sandbox.stripe.periods import DAY
from sandbox.stripe.proration import Rent
from sandbox.stripe.store import Thing
from sandbox.stripe.world import World, blank, new_id

LIVES_FOR = DAY
SHORTEST_TRIAL = 2 * DAY
"""Stripe's Checkout refuses a trial_end that is nearer."""


@post("/checkout/sessions")
def create(call: Call) -> Thing:
    world, params = call.world, call.params
    mode = params.choice("mode", "subscription", "setup") or params.need("mode")
    payer = params.text("customer")
    customer = world.need("customer", payer, "customer") if payer else None
    made = world.make("checkout.session", "cs_test", customer, mode=mode, customer=payer, success_url=params.need("success_url"))
    params.change(made, "cancel_url", "client_reference_id", "locale", "customer_email")
    params.choice("ui_mode", "hosted_page")
    made |= {"metadata": params.map("metadata"), "expires_at": params.count("expires_at") or made["created"] + LIVES_FOR, "status": "open"}
    made["payment_method_collection"] = params.choice("payment_method_collection", "always") or "always"
    made["payment_method_types"] = params.texts("payment_method_types") or ["card"]
    hidden = _subscribing(world, made, customer, params) if mode == "subscription" else _setting_up(made, params)
    secret = new_id("x")[2:]
    made |= {"url": f"{world.address}/c/{made['id']}/{secret}", "client_secret": None}
    world.create(made, secret=secret, **hidden)
    world.ring(made, made["expires_at"], "session.expire")
    return made


def _subscribing(world: World, session: Thing, customer: Thing | None, params: Params) -> dict[str, Any]:
    wanted = [{"price": one.need("price"), "quantity": one.count("quantity", least=1) or 1} for one in params.parts("line_items")]
    said = params.part("subscription_data")
    if (until := said.count("trial_end")) and until < session["created"] + SHORTEST_TRIAL:
        raise invalid("subscription_data[trial_end]", "The `trial_end` date has to be at least 2 days in the future.")
    unkept = subscriptions.draft(world, customer or world.make("customer", "cus"), _rents(world, wanted), said)
    total = 0 if unkept["status"] == "trialing" else sum(one.amount for one in items.rents_of(world, unkept))
    session |= {"currency": unkept["currency"], "amount_subtotal": total, "amount_total": total, "customer_creation": None if customer else "always"}
    session["total_details"] = {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0}
    return {"wanted": wanted, "subscription": said.plain}


def _setting_up(session: Thing, params: Params) -> dict[str, Any]:
    session["payment_status"] = "no_payment_required"
    session["currency"] = params.text("currency")
    return {"wanted": [], "intent": params.part("setup_intent_data").map("metadata")}


def _rents(world: World, wanted: list[dict[str, Any]]) -> list[Rent]:
    rents = [Rent(new_id("si"), world.need("price", one["price"], "line_items"), one["quantity"]) for one in wanted]
    items.require_one_rhythm(rents)
    return rents


@get("/checkout/sessions")
def index(call: Call) -> Thing:
    found = call.world.store.select("checkout.session", call.params.text("customer"))
    asked = {"status": call.params.choice("status", "open", "complete", "expired"), "subscription": call.params.text("subscription")}
    return page(call, "/v1/checkout/sessions", keep_where(found, **asked))


@get("/checkout/sessions/<identity>")
def show(call: Call, identity: str) -> Thing:
    return call.world.need("checkout.session", identity)


@get("/checkout/sessions/<identity>/line_items")
def its_items(call: Call, identity: str) -> Thing:
    return page(call, f"/v1/checkout/sessions/{identity}/line_items", _items(call.world, call.world.need("checkout.session", identity)))


@included("checkout.session", "line_items")
def items_of(world: World, session: Thing) -> Thing:
    return listing(f"/v1/checkout/sessions/{session['id']}/line_items", _items(world, session))


def _items(world: World, session: Thing) -> list[Thing]:
    rents = _rents(world, wanted) if (wanted := world.store.hidden(session["id"])["wanted"]) else []
    names = lines.names_of(world, rents)
    shown: list[Thing] = []
    for one in rents:
        made = blank("item") | {"id": one.item.replace("si_", "li_"), "currency": one.price["currency"], "price": one.price, "quantity": one.quantity}
        shown.append(made | {"description": names[one.price["product"]], "amount_subtotal": one.amount, "amount_total": one.amount})
    return shown


@post("/checkout/sessions/<identity>/expire")
def expire(call: Call, identity: str) -> Thing:
    world = call.world
    session = world.need("checkout.session", identity)
    if session["status"] != "open":
        raise Fault(f'Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of `{session["status"]}`.')
    session |= {"status": "expired", "url": None}
    world.save(session)
    world.emit("checkout.session.expired", session)
    return session


def require_open(session: Thing) -> None:
    if session["status"] != "open":
        raise Fault(f"Only Checkout Sessions with a status in ['open'] can be used; this one is {session['status']}.", code="resource_missing")


def complete(world: World, session: Thing, card: Card, *, email: str | None, stepped: bool) -> Thing:
    """The customer has filled in the page. A refused card raises, and nothing has happened then.

    `stepped`: the bank's second step was passed on the page.
    """
    require_open(session)
    customer = _customer(world, session, email)
    session["customer"] = customer["id"]
    method = payment_methods.attach(world, payment_methods.from_number(world, card.number), customer)
    if stepped:
        world.store.hide(method["id"], remembered=card.asks == "once")
    finish = _subscribe if session["mode"] == "subscription" else _set_up
    finish(world, session, customer, method, stepped)
    told = {name: customer[name] for name in ("address", "email", "name", "phone", "tax_exempt")}
    session["customer_details"] = told | {"business_name": None, "individual_name": None, "tax_ids": []}
    session |= {"status": "complete", "url": None}
    world.save(session)
    world.emit("checkout.session.completed", session)
    return session


def _customer(world: World, session: Thing, email: str | None) -> Thing:
    if session["customer"]:
        return world.need("customer", session["customer"])
    made = world.make("customer", "cus", test_clock=None, email=session["customer_email"] or email)
    return world.create(made | {"invoice_prefix": new_id("x")[2:10].upper()})


def _subscribe(world: World, session: Thing, customer: Thing, method: Thing, stepped: bool) -> None:
    hidden = world.store.hidden(session["id"])
    made = subscriptions.draft(world, customer, _rents(world, hidden["wanted"]), Params(hidden["subscription"]))
    made["default_payment_method"] = method["id"]
    begun = subscriptions.begin(world, made, behavior="error_if_incomplete", on_session=stepped)
    invoice = world.need("invoice", begun["latest_invoice"])
    session |= {"subscription": begun["id"], "invoice": invoice["id"]}
    session["payment_status"] = "paid" if invoice["amount_paid"] else "no_payment_required"


def _set_up(world: World, session: Thing, customer: Thing, method: Thing, stepped: bool) -> None:
    metadata = world.store.hidden(session["id"])["intent"]
    intent = world.make("setup_intent", "seti", customer, customer=customer["id"], payment_method=method["id"], status="succeeded", metadata=metadata)
    world.create(intent)
    world.emit("setup_intent.succeeded", intent)
    session["setup_intent"] = intent["id"]


@get("/setup_intents/<identity>")
def setup_intent(call: Call, identity: str) -> Thing:
    return call.world.need("setup_intent", identity)
