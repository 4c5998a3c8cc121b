"""Payment methods: cards that customers keep with us."""

import hashlib

from sandbox.stripe.addresses import address
from sandbox.stripe.api import Call, get, keep_where, page, post
from sandbox.stripe.cards import CARDS, NAMED, SENTENCES, Card
from sandbox.stripe.faults import CardRefused, Fault, invalid
from sandbox.stripe.forms import Params
from sandbox.stripe.store import Thing
from sandbox.stripe.world import World

OTHERS = ("alipay", "wechat_pay", "customer_balance")
"""What pays an invoice that was sent; the last is a bank transfer."""


def card_of(world: World, method: Thing) -> Card | None:
    return CARDS.get(world.store.hidden(method["id"]).get("number", ""))


def find(world: World, identity: str, param: str = "payment_method") -> Thing:
    """A payment method, or a new one for a name of Stripe's test cards."""
    if identity in NAMED:
        return from_number(world, NAMED[identity])
    return world.need("payment_method", identity, param)


def from_number(world: World, number: str, *, month: int = 12, year: int = 2040, **fields: Thing) -> Thing:
    card = CARDS[number]
    checks = {"address_line1_check": None, "address_postal_code_check": None, "cvc_check": "unchecked"}
    networks = {"available": [card.brand], "preferred": None}
    shown = {"brand": card.brand, "last4": card.last4, "exp_month": month, "exp_year": year, "funding": "credit", "country": "CN", "checks": checks}
    shown |= {"fingerprint": fingerprint(number), "display_brand": card.brand, "generated_from": None, "networks": networks, "wallet": None}
    shown |= {"regulated_status": "unregulated", "three_d_secure_usage": {"supported": True}}
    return world.create(world.make("payment_method", "pm", type="card", card=shown) | fields, number=number)


def fingerprint(number: str) -> str:
    """The same for the same card, whoever brings it."""
    return hashlib.sha256(number.encode()).hexdigest()[:16]


def other(world: World, kind: str, customer: Thing) -> Thing:
    """Alipay, WeChat Pay or a bank transfer that pays one invoice."""
    return world.create(world.make("payment_method", "pm", customer, type=kind, **{kind: {}}))


def attach(world: World, method: Thing, customer: Thing) -> Thing:
    """A bank is asked when a card is to be kept; what it refuses is not kept."""
    card = card_of(world, method)
    if card is not None and not card.attaches and card.refusal:
        raise CardRefused(SENTENCES[card.refusal], keeps=False, code="card_declined", decline_code=card.refusal)
    if method["customer"] not in {None, customer["id"]}:
        raise Fault("The payment method you provided has already been attached to a customer.")
    method["customer"] = customer["id"]
    world.save(method)
    world.emit("payment_method.attached", method)
    return method


@post("/payment_methods")
def create(call: Call) -> Thing:
    params = call.params
    params.choice("type", "card") or params.need("type")
    said = params.part("card")
    token = said.text("token")
    if token and token not in NAMED:
        raise invalid("card[token]", f"No such token: {token}")
    number = NAMED[token] if token else said.need("number").replace(" ", "")
    if number not in CARDS:
        raise CardRefused("Your card number is incorrect.", keeps=False, code="incorrect_number", param="number")
    said.text("cvc")
    month, year = said.count("exp_month", least=1) or 12, said.count("exp_year", least=2020) or 2040
    made = from_number(call.world, number, month=month, year=year, metadata=dict(params.map("metadata")))
    _write(params, made)
    return call.world.save(made)


@get("/payment_methods")
def index(call: Call) -> Thing:
    found = call.world.store.select("payment_method", call.params.need("customer"))
    return page(call, "/v1/payment_methods", keep_where(found, type=call.params.text("type")))


@get("/payment_methods/<identity>")
def show(call: Call, identity: str) -> Thing:
    return find(call.world, identity)


@post("/payment_methods/<identity>")
def change(call: Call, identity: str) -> Thing:
    method = call.world.need("payment_method", identity)
    _write(call.params, method)
    method["metadata"] = call.params.map("metadata", method["metadata"])
    return call.world.save(method)


@post("/payment_methods/<identity>/attach")
def attachment(call: Call, identity: str) -> Thing:
    customer = call.world.need("customer", call.params.need("customer"), "customer")
    return attach(call.world, find(call.world, identity), customer)


@post("/payment_methods/<identity>/detach")
def detachment(call: Call, identity: str) -> Thing:
    """It pays nothing any more."""
    world, method = call.world, call.world.need("payment_method", identity)
    if method["customer"] is None:
        raise Fault("The payment method you provided is not attached to a customer so detachment is impossible.")
    customer = world.need("customer", method["customer"])
    if customer["invoice_settings"]["default_payment_method"] == identity:
        customer["invoice_settings"]["default_payment_method"] = None
        world.save(customer)
    for subscription in world.store.select("subscription", customer["id"]):
        if subscription["default_payment_method"] == identity:
            world.save(subscription | {"default_payment_method": None})
    method["customer"] = None
    world.save(method)
    world.emit("payment_method.detached", method)
    return method


def _write(params: Params, method: Thing) -> None:
    if "billing_details" in params:
        said = params.part("billing_details")
        said.change(method["billing_details"], "email", "name", "phone")
        if "address" in said:
            method["billing_details"]["address"] = address(said.part("address"))
