"""A customer's balance: below zero it is credit, which the next invoice uses up."""

from sandbox.stripe.api import Call, get, page, post
from sandbox.stripe.faults import Fault, invalid, no_such
from sandbox.stripe.store import Thing
from sandbox.stripe.world import World


def move(world: World, customer: Thing, amount: int, currency: str, kind: str, **more: str | Thing | None) -> Thing:
    """Writes one line of the balance and changes it; the customer that is handed in follows."""
    customer["balance"] += amount
    customer["currency"] = customer["currency"] or currency
    world.save(customer)
    made = world.make("customer_balance_transaction", "cbtxn", customer, amount=amount, currency=currency, type=kind, customer=customer["id"])
    return world.create(made | {"ending_balance": customer["balance"]} | more)


@post("/customers/<customer>/balance_transactions")
def create(call: Call, customer: str) -> Thing:
    params, payer = call.params, call.world.need("customer", customer)
    amount, currency = params.whole("amount"), params.need("currency").lower()
    if not amount:
        raise invalid("amount", "The amount must be an integer other than zero.")
    if payer["currency"] not in {None, currency}:
        raise Fault(f"You cannot combine currencies on a single customer. This customer has {payer['currency']}.", param="currency")
    return move(call.world, payer, amount, currency, "adjustment", description=params.text("description"), metadata=dict(params.map("metadata")))


@get("/customers/<customer>/balance_transactions")
def index(call: Call, customer: str) -> Thing:
    call.world.need("customer", customer)
    found = call.world.store.select("customer_balance_transaction", customer)
    return page(call, f"/v1/customers/{customer}/balance_transactions", found)


@get("/customers/<customer>/balance_transactions/<identity>")
def show(call: Call, customer: str, identity: str) -> Thing:
    found = call.world.need("customer_balance_transaction", identity)
    if found["customer"] != customer:
        raise no_such("customer_balance_transaction", identity)
    return found
