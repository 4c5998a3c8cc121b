"""What happens by itself: a period ends and the next begins, a trial is over, an invoice is due, a payment is tried again."""

from collections.abc import Callable

from sandbox.stripe import changes, invoice_items, invoicing, items, lines, schedules, standing
from sandbox.stripe.ending import end, expire
from sandbox.stripe.proration import Rent
from sandbox.stripe.store import Thing
from sandbox.stripe.world import World


def turn(world: World, subscription: Thing, *, at_once: bool = False) -> None:
    """From one period to the next, if that is due. `at_once`: its invoice is not a draft for an hour first."""
    now = world.now(subscription)
    if subscription["status"] in standing.ENDED | {"incomplete"} or items.period_of(subscription)[1] != now:
        return
    if subscription["cancel_at_period_end"] or (subscription["cancel_at"] or now + 1) <= now:
        end(world, subscription, "cancellation_requested")
        return
    if subscription["status"] == "trialing":
        if _has_nothing_to_pay_with(world, subscription):
            end(world, subscription, "payment_failed")
            return
        subscription["status"] = "active"
    rents = schedules.enter(world, subscription) or items.rents_of(world, subscription)
    _begin_period(world, subscription, rents, now, at_once=at_once)


def _has_nothing_to_pay_with(world: World, subscription: Thing) -> bool:
    ends = subscription["trial_settings"]["end_behavior"]["missing_payment_method"] == "cancel"
    customer = world.need("customer", subscription["customer"])
    return bool(ends and not subscription["default_payment_method"] and not customer["invoice_settings"]["default_payment_method"])


def _begin_period(world: World, subscription: Thing, rents: list[Rent], now: int, *, at_once: bool) -> None:
    from sandbox.stripe.subscriptions import next_period, ring

    last_start, _ = items.period_of(subscription)
    items.write(world, subscription, rents, now, next_period(subscription, rents, now))
    invoice = renewal_invoice(world, subscription, rents, now, items.period_of(subscription)[1]) | {"period_start": last_start, "period_end": now}
    if subscription["status"] == "unpaid":
        invoice["auto_advance"] = False
    subscription["latest_invoice"] = invoice["id"]
    world.save(subscription)
    invoicing.keep(world, invoice, finalizes_in=None if at_once else invoicing.DRAFT_FOR)
    invoice_items.place(world, invoice_items.pending(world, subscription["customer"], subscription["id"]), invoice["id"])
    ring(world, subscription)
    if at_once:
        finish(world, invoice)


def renewal_invoice(world: World, subscription: Thing, rents: list[Rent], start: int, until: int) -> Thing:
    """What waits, and the next period in full; not kept."""
    customer = world.need("customer", subscription["customer"])
    waiting = invoice_items.pending(world, customer["id"], subscription["id"])
    drafts = lines.renewal(subscription, rents, start, until, lines.names_of(world, rents))
    its_lines = [*(lines.of_item(one) for one in waiting), *(lines.of_draft(one, subscription) for one in drafts)]
    return invoicing.assemble(world, customer, "subscription_cycle", its_lines, subscription)


def finish(world: World, invoice: Thing) -> None:
    """A draft becomes final, and is collected or sent."""
    invoice = invoicing.finalize(world, invoice)
    if invoice["status"] != "open":
        return
    if invoice["collection_method"] == "charge_automatically":
        invoicing.attempt(world, invoice)
    else:
        world.emit("invoice.sent", invoice)


def _finalize(world: World, invoice: Thing) -> None:
    if invoice["status"] == "draft" and invoice["auto_advance"]:
        finish(world, invoice)


def _retry(world: World, invoice: Thing) -> None:
    if invoice["status"] == "open" and invoice["next_payment_attempt"] == world.now(invoice):
        invoicing.attempt(world, invoice)


def _due(world: World, invoice: Thing) -> None:
    """A sent invoice was not paid in time."""
    if invoice["status"] == "open" and invoice["due_date"] == world.now(invoice):
        world.emit("invoice.overdue", invoice)
        standing.after_failure(world, invoice, is_last=False)


def _warn(world: World, subscription: Thing) -> None:
    if subscription["status"] == "trialing":
        world.emit("customer.subscription.trial_will_end", subscription)


def _tell(world: World, subscription: Thing) -> None:
    """A week before it is due, what it will be."""
    from sandbox.stripe.subscriptions import TELLS_BEFORE, next_period

    _, until = items.period_of(subscription)
    if (
        subscription["status"] in {"active", "trialing", "past_due"}
        and not subscription["cancel_at"]
        and until - TELLS_BEFORE == world.now(subscription)
    ):
        rents = items.rents_of(world, subscription)
        world.emit("invoice.upcoming", renewal_invoice(world, subscription, rents, until, next_period(subscription, rents, until)))


def _expire(world: World, subscription: Thing) -> None:
    if subscription["status"] == "incomplete":
        expire(world, subscription)


def _cancel(world: World, subscription: Thing) -> None:
    if subscription["status"] not in standing.ENDED and subscription["cancel_at"] == world.now(subscription):
        end(world, subscription, "cancellation_requested")


def _close_session(world: World, session: Thing) -> None:
    if session["status"] == "open":
        world.save(session | {"status": "expired", "url": None})
        world.emit("checkout.session.expired", session | {"status": "expired", "url": None})


Answer = Callable[[World, Thing], None]
ANSWERS: dict[str, Answer] = {
    "subscription.turn": turn,
    "subscription.trial_will_end": _warn,
    "subscription.upcoming": _tell,
    "subscription.expire": _expire,
    "subscription.pending": changes.forget_pending,
    "subscription.cancel": _cancel,
    "invoice.finalize": _finalize,
    "invoice.retry": _retry,
    "invoice.due": _due,
    "session.expire": _close_session,
}
