"""Subscriptions: so many seats of a price, each period. How one begins; changes.py has how it changes, renewal.py how it goes on."""

from sandbox.stripe import changes, invoice_items, invoicing, items, lines, payment_methods
from sandbox.stripe.api import Call, delete, get, page, post
from sandbox.stripe.customers import custom_fields
from sandbox.stripe.ending import end
from sandbox.stripe.faults import CardRefused, Fault, invalid
from sandbox.stripe.forms import Params
from sandbox.stripe.periods import DAY, after, next_end
from sandbox.stripe.proration import Rent, prorate
from sandbox.stripe.standing import ENDED
from sandbox.stripe.store import Thing
from sandbox.stripe.world import World

EXPIRES_IN = 23 * 3600  # seconds; until then the first invoice must be paid
WARNS_BEFORE = 3 * DAY  # the end of a trial
TELLS_BEFORE = 7 * DAY  # a renewal
BEHAVIORS = ("allow_incomplete", "default_incomplete", "error_if_incomplete", "pending_if_incomplete")


@post("/subscriptions")
def create(call: Call) -> Thing:
    world, params = call.world, call.params
    customer = world.need("customer", params.need("customer"), "customer")
    rents = items.wanted(world, params, [])
    made = draft(world, customer, rents, params)
    behavior = params.choice("payment_behavior", *BEHAVIORS) or "allow_incomplete"
    return begin(world, made, behavior=behavior)


def draft(world: World, customer: Thing, rents: list[Rent], params: Params) -> Thing:
    """A subscription with everything that was said of it, not kept yet."""
    now = world.now(customer)
    made = world.make("subscription", "sub", customer, customer=customer["id"], currency=rents[0].price["currency"], start_date=now)
    made |= {"test_clock": customer["test_clock"], "billing_cycle_anchor": now}
    if customer["currency"] not in {None, made["currency"]}:
        raise Fault(f"You cannot combine currencies on a single customer. This customer has {customer['currency']}.", param="items")
    _write(world, made, params)
    trial_end = _trial_end(params, now)
    interval, count = items.rhythm(rents[0])
    if trial_end:
        made |= {"status": "trialing", "trial_start": now, "trial_end": trial_end, "billing_cycle_anchor": trial_end}
    items.write(world, made, rents, now, trial_end or after(now, interval, count, 1))
    if params.truth("cancel_at_period_end"):
        changes.cancel_at_end(world, made, stops=True)
    return made


def _trial_end(params: Params, now: int) -> int | None:
    days, said = params.count("trial_period_days"), params.text("trial_end")
    if days and said:
        raise invalid("trial_end", "You can only pass one of trial_end and trial_period_days.")
    if days:
        return now + days * DAY
    if said in {None, "now"}:
        return None
    until = params.count("trial_end") or 0
    if until <= now:
        raise invalid("trial_end", "Invalid timestamp: must be an integer Unix timestamp in the future.")
    return until


def _write(world: World, subscription: Thing, params: Params) -> None:
    """What can be said at the beginning and changed later."""
    params.change(subscription, "description")
    collects(subscription, params)
    if "default_payment_method" in params:
        subscription["default_payment_method"] = _own_method(world, subscription["customer"], params.text("default_payment_method"))
    said = params.part("payment_settings")
    if saves := said.choice("save_default_payment_method", "on_subscription", "off"):
        subscription["payment_settings"]["save_default_payment_method"] = saves
    if types := said.texts("payment_method_types"):
        subscription["payment_settings"]["payment_method_types"] = types
    if without := params.part("trial_settings").part("end_behavior").choice("missing_payment_method", "create_invoice", "cancel"):
        subscription["trial_settings"] = {"end_behavior": {"missing_payment_method": without}}
    settings = params.part("invoice_settings")
    settings.change(subscription["invoice_settings"], "description", "footer")
    if "custom_fields" in settings:
        subscription["invoice_settings"]["custom_fields"] = custom_fields(settings)
    params.truth("off_session")  # nobody is asked for a second step here unless a page is open
    subscription["metadata"] = params.map("metadata", subscription["metadata"])


def collects(subscription: Thing, params: Params) -> None:
    """By card, or by an invoice that is sent and to be paid in so many days."""
    if how := params.choice("collection_method", "charge_automatically", "send_invoice"):
        subscription["collection_method"] = how
    if "days_until_due" in params:
        subscription["days_until_due"] = params.count("days_until_due")
    sends = subscription["collection_method"] == "send_invoice"
    if sends and subscription["days_until_due"] is None:
        raise invalid("days_until_due", "You must pass days_until_due with collection_method=send_invoice.")
    if not sends:
        subscription["days_until_due"] = None


def _own_method(world: World, customer: str, identity: str | None) -> str | None:
    if identity is None:
        return None
    method = payment_methods.find(world, identity, "default_payment_method")
    if method["customer"] != customer:
        raise invalid("default_payment_method", "The customer does not have a payment method with that ID; attach it first.")
    return str(method["id"])


def begin(world: World, subscription: Thing, *, behavior: str, on_session: bool = False) -> Thing:
    """It is real, and its first invoice is made: in a trial over nothing, else over the first period."""
    customer = world.need("customer", subscription["customer"])
    sends = subscription["collection_method"] == "send_invoice"
    rents = _rents(world, subscription)
    start, until = items.period_of(subscription)
    drafts = lines.renewal(subscription, rents, start, until, lines.names_of(world, rents), is_trial=subscription["status"] == "trialing")
    waiting = invoice_items.pending(world, customer["id"], subscription["id"])
    its_lines = [*(lines.of_item(one) for one in waiting), *(lines.of_draft(one, subscription) for one in drafts)]
    invoice = invoicing.assemble(world, customer, "subscription_create", its_lines, subscription)
    owes = invoice["amount_due"] > 0 and not sends
    subscription |= {"latest_invoice": invoice["id"], "status": "incomplete" if owes else subscription["status"]}
    world.create(subscription)
    invoicing.keep(world, invoice, finalizes_in=invoicing.DRAFT_FOR if sends and invoice["amount_due"] else None)
    invoice_items.place(world, waiting, invoice["id"])
    ring(world, subscription)
    if not sends or not invoice["amount_due"]:
        _collect_first(world, invoice, behavior, on_session=on_session)
    return world.need("subscription", subscription["id"])


def _rents(world: World, subscription: Thing) -> list[Rent]:
    return items.rents_of(world, subscription)


def _collect_first(world: World, invoice: Thing, behavior: str, *, on_session: bool) -> None:
    invoice = invoicing.finalize(world, invoice)
    if invoice["status"] == "open" and behavior != "default_incomplete":
        invoice = invoicing.attempt(world, invoice, on_session=on_session)
    if invoice["status"] != "paid" and behavior == "error_if_incomplete":
        raise refusal(world, invoice)


def refusal(world: World, invoice: Thing) -> Fault:
    """Why an invoice was not paid, as an error that takes the whole call back."""
    error = invoicing.intent_of(world, invoice)["last_payment_error"]
    if error:
        return CardRefused(error["message"], keeps=False, code=error["code"], decline_code=error["decline_code"])
    if invoicing.payer_of(world, invoice) is None:
        return Fault("This customer has no attached payment source or default payment method.", code="resource_missing")
    said = "This payment requires additional user action before it can be completed successfully."
    return CardRefused(said, keeps=False, code="subscription_payment_intent_requires_action")


def ring(world: World, subscription: Thing) -> None:
    """What comes by itself, from where the subscription stands now."""
    _, until = items.period_of(subscription)
    now = world.now(subscription)
    world.ring(subscription, until, "subscription.turn")
    if until - TELLS_BEFORE > now:
        world.ring(subscription, until - TELLS_BEFORE, "subscription.upcoming")
    if subscription["status"] == "trialing":
        world.ring(subscription, max(now, until - WARNS_BEFORE), "subscription.trial_will_end")
    if subscription["status"] == "incomplete":
        world.ring(subscription, now + EXPIRES_IN, "subscription.expire")


@get("/subscriptions")
def index(call: Call) -> Thing:
    params = call.params
    status, price = params.text("status"), params.text("price")
    found = call.world.store.select("subscription", params.text("customer"))
    if status is None:
        found = [one for one in found if one["status"] not in ENDED]
    elif status == "ended":
        found = [one for one in found if one["status"] in ENDED]
    elif status != "all":
        found = [one for one in found if one["status"] == status]
    return page(call, "/v1/subscriptions", [one for one in found if not price or price in _prices(one)])


def _prices(subscription: Thing) -> set[str]:
    return {one["price"]["id"] for one in subscription["items"]["data"]}


@get("/subscriptions/<identity>")
def show(call: Call, identity: str) -> Thing:
    return call.world.need("subscription", identity)


@post("/subscriptions/<identity>")
def change(call: Call, identity: str) -> Thing:
    world, params = call.world, call.params
    subscription = world.need("subscription", identity)
    require_going(subscription)
    _write(world, subscription, params)
    world.save(subscription)
    return changes.change(world, subscription, params)


@delete("/subscriptions/<identity>")
def cancel(call: Call, identity: str) -> Thing:
    """At once. `prorate` gives back what is unused, `invoice_now` settles it."""
    world, params = call.world, call.params
    subscription = world.need("subscription", identity)
    require_going(subscription)
    said = params.part("cancellation_details")
    said.change(subscription["cancellation_details"], "comment", "feedback")
    if params.truth("prorate") and subscription["status"] != "trialing":
        _give_back(world, subscription)
    invoices = params.truth("invoice_now") or False
    end(world, subscription, "cancellation_requested")
    if invoices:
        changes.invoice_pending(world, subscription)
    return world.need("subscription", identity)


def _give_back(world: World, subscription: Thing) -> None:
    start, until = items.period_of(subscription)
    rents = items.rents_of(world, subscription)
    for one in prorate(rents, [], start, until, world.now(subscription), lines.names_of(world, rents)):
        invoice_items.pend(world, subscription, one)


def require_going(subscription: Thing) -> None:
    if subscription["status"] in ENDED:
        raise Fault("A canceled subscription can only update its cancellation_details and metadata.", code="resource_missing", param="id")


def next_period(subscription: Thing, rents: list[Rent], start: int) -> int:
    interval, count = items.rhythm(rents[0])
    return next_end(subscription["billing_cycle_anchor"], interval, count, start)
