"""How a subscription stands after an invoice of it was paid or not: incomplete, active, past_due, unpaid."""

from sandbox.stripe import items
from sandbox.stripe.proration import Rent
from sandbox.stripe.store import Thing
from sandbox.stripe.world import World

ENDED = {"canceled", "incomplete_expired"}
LAST_RETRY = "after_last_retry"
"""A switch of the account: what becomes of a subscription when the last try has failed."""


def subscription_of(world: World, invoice: Thing) -> Thing | None:
    details = invoice["parent"] and invoice["parent"]["subscription_details"]
    return world.find("subscription", details["subscription"]) if details else None


def after_payment(world: World, invoice: Thing) -> None:
    subscription = subscription_of(world, invoice)
    if subscription is None or subscription["status"] in ENDED:
        return
    _apply_pending(world, subscription, invoice)
    if subscription["status"] == "incomplete" or (subscription["status"] in {"past_due", "unpaid"} and not _owes(world, subscription, invoice)):
        subscription["status"] = "active"
    world.save(subscription)
    tell_customer(world, subscription["customer"])


def after_failure(world: World, invoice: Thing, *, is_last: bool) -> None:
    """`is_last`: nothing will be tried again."""
    subscription = subscription_of(world, invoice)
    if subscription is None or subscription["status"] in ENDED | {"incomplete"} or world.store.hidden(invoice["id"]).get("pending"):
        return
    subscription["status"] = "past_due" if subscription["status"] != "unpaid" else "unpaid"
    if is_last and (becomes := world.store.fact(LAST_RETRY, "past_due")) != "past_due":
        subscription["status"] = becomes
        if becomes == "canceled":
            from sandbox.stripe.ending import end

            end(world, subscription, "payment_failed")
            return
    world.save(subscription)
    tell_customer(world, subscription["customer"])


def tell_customer(world: World, identity: str) -> None:
    """Is anything overdue that should have been paid by card?"""
    customer = world.need("customer", identity)
    opened = [one for one in world.store.select("invoice", identity) if one["status"] == "open"]
    delinquent = any(one["attempted"] or (one["due_date"] or 1 << 60) <= world.now(customer) for one in opened)
    if customer["delinquent"] != delinquent:
        world.save(customer | {"delinquent": delinquent})


def _owes(world: World, subscription: Thing, paid: Thing) -> bool:
    """Is the newest invoice that is to be paid still open?"""
    for invoice in world.store.select("invoice", subscription["customer"]):
        mine = subscription_of(world, invoice)
        if mine and mine["id"] == subscription["id"] and invoice["status"] in {"open", "paid"} and not _waits(world, invoice):
            return bool(invoice["status"] == "open" and invoice["id"] != paid["id"])
    return False


def _waits(world: World, invoice: Thing) -> bool:
    """An invoice that is not due yet, or whose change waits for it, is no debt."""
    if world.store.hidden(invoice["id"]).get("pending"):
        return True
    return bool(invoice["due_date"] and invoice["due_date"] > world.now(invoice) and invoice["status"] == "open")


def _apply_pending(world: World, subscription: Thing, invoice: Thing) -> None:
    """What was to change when this invoice is paid."""
    pending = world.store.hidden(invoice["id"]).get("pending")
    if not pending or subscription["pending_update"] is None:
        return
    start, end = items.period_of(subscription)
    rents = [Rent(one["item"], world.need("price", one["price"]), one["quantity"]) for one in pending]
    items.write(world, subscription, rents, start, end)
    subscription["pending_update"] = None
    world.save(subscription)
    world.store.hide(invoice["id"], pending=None)
    world.emit("customer.subscription.pending_update_applied", subscription)
