"""Subscription schedules: what a subscription becomes at a later renewal, such as fewer seats.

A phase begins and ends where a period of the subscription does; the sandbox refuses others.
"""

from sandbox.stripe import items
from sandbox.stripe.api import Call, get, page, post
from sandbox.stripe.faults import Fault, invalid
from sandbox.stripe.forms import Params
from sandbox.stripe.periods import after
from sandbox.stripe.proration import Rent
from sandbox.stripe.standing import ENDED
from sandbox.stripe.store import Thing
from sandbox.stripe.world import World, blank

OVER = {"released", "canceled", "completed"}


def phase_items(rents: list[Rent]) -> list[Thing]:
    return [
        blank("subscription_schedule.phase_item") | {"price": one.price["id"], "plan": one.price["id"], "quantity": one.quantity} for one in rents
    ]


def _phase(currency: str, rents: list[Rent], start: int, end: int) -> Thing:
    return blank("subscription_schedule.phase") | {"currency": currency, "items": phase_items(rents), "start_date": start, "end_date": end}


def enter(world: World, subscription: Thing) -> list[Rent] | None:
    """At a renewal: the items of the phase that begins now, if one does. After the last phase the subscription goes on without a schedule."""
    if not subscription["schedule"]:
        return None
    now, schedule = world.now(subscription), world.need("subscription_schedule", subscription["schedule"])
    phase = next((one for one in schedule["phases"] if one["start_date"] <= now < one["end_date"]), None)
    if phase is None:
        _finish(world, schedule, subscription)
        return None
    if schedule["current_phase"] and schedule["current_phase"]["start_date"] == phase["start_date"]:
        return None
    schedule["current_phase"] = {"start_date": phase["start_date"], "end_date": phase["end_date"]}
    world.save(schedule)
    known = {one.price["id"]: one.item for one in items.rents_of(world, subscription)}
    ids = iter([one.item for one in items.rents_of(world, subscription) if one.price["id"] not in {two["price"] for two in phase["items"]}])
    return [_rent(world, one, known.get(one["price"]) or next(ids, None)) for one in phase["items"]]


def _rent(world: World, item: Thing, identity: str | None) -> Rent:
    from sandbox.stripe.world import new_id

    return Rent(identity or new_id("si"), world.need("price", item["price"]), item["quantity"])


def _finish(world: World, schedule: Thing, subscription: Thing) -> None:
    now = world.now(subscription)
    schedule |= {"status": "released", "released_at": now, "released_subscription": subscription["id"], "subscription": None, "current_phase": None}
    world.save(schedule)
    world.emit("subscription_schedule.released", schedule)
    subscription["schedule"] = None


@post("/subscription_schedules")
def create(call: Call) -> Thing:
    """Over a subscription that is there; it begins as that is now."""
    world = call.world
    subscription = world.need("subscription", call.params.need("from_subscription"), "from_subscription")
    if subscription["schedule"]:
        raise Fault("You cannot migrate a subscription that is already attached to a schedule.", param="from_subscription")
    if subscription["status"] in ENDED | {"incomplete"}:
        raise Fault(f"You cannot migrate a subscription that is {subscription['status']}.", param="from_subscription")
    start, end = items.period_of(subscription)
    made = world.make("subscription_schedule", "sub_sched", subscription, customer=subscription["customer"], subscription=subscription["id"])
    made |= {"status": "active", "current_phase": {"start_date": start, "end_date": end}, "test_clock": subscription["test_clock"]}
    made["phases"] = [_phase(subscription["currency"], items.rents_of(world, subscription), start, end)]
    made["metadata"] = call.params.map("metadata")
    made["default_settings"]["collection_method"] = subscription["collection_method"]
    world.create(made)
    world.save(subscription | {"schedule": made["id"]})
    return made


@get("/subscription_schedules")
def index(call: Call) -> Thing:
    return page(call, "/v1/subscription_schedules", call.world.store.select("subscription_schedule", call.params.text("customer")))


@get("/subscription_schedules/<identity>")
def show(call: Call, identity: str) -> Thing:
    return call.world.need("subscription_schedule", identity)


@post("/subscription_schedules/<identity>")
def change(call: Call, identity: str) -> Thing:
    world, params = call.world, call.params
    schedule = world.need("subscription_schedule", identity)
    _require_going(schedule)
    schedule["end_behavior"] = params.choice("end_behavior", "release") or schedule["end_behavior"]
    schedule["metadata"] = params.map("metadata", schedule["metadata"])
    params.choice("proration_behavior", "none", "create_prorations")
    if "phases" in params:
        schedule["phases"] = _phases(world, schedule, params)
        first = schedule["phases"][0]
        schedule["current_phase"] = {"start_date": first["start_date"], "end_date": first["end_date"]}
    return world.save(schedule)


def _phases(world: World, schedule: Thing, params: Params) -> list[Thing]:
    """The first is the one that runs, as it is; each of the others begins where the one before it ends."""
    subscription = world.need("subscription", schedule["subscription"])
    made: list[Thing] = []
    for number, part in enumerate(params.parts("phases")):
        start = made[-1]["end_date"] if made else schedule["phases"][0]["start_date"]
        said = part.count("start_date")
        if said not in {None, start}:
            raise invalid(part.place("start_date"), "A phase begins where the one before it ends; the first one began already.")
        rents = _phase_rents(world, part)
        phase = _phase(subscription["currency"], rents, start, _end(part, rents, start))
        phase["proration_behavior"] = part.choice("proration_behavior", "none", "create_prorations", "always_invoice") or "create_prorations"
        phase["metadata"] = part.map("metadata")
        if number == 0:
            _require_as_is(world, subscription, rents, phase, part)
        made.append(phase)
    return made


def _phase_rents(world: World, part: Params) -> list[Rent]:
    return [Rent("", world.need("price", one.need("price"), one.place("price")), one.count("quantity") or 1) for one in part.parts("items")]


def _end(part: Params, rents: list[Rent], start: int) -> int:
    if (said := part.count("end_date")) is not None:
        return said
    duration = part.part("duration")
    interval, count = items.rhythm(rents[0])
    return after(start, duration.text("interval") or interval, duration.count("interval_count", least=1) or count, 1)


def _require_as_is(world: World, subscription: Thing, rents: list[Rent], phase: Thing, part: Params) -> None:
    now = [(one.price["id"], one.quantity) for one in items.rents_of(world, subscription)]
    if [(one.price["id"], one.quantity) for one in rents] != now or phase["end_date"] != items.period_of(subscription)[1]:
        said = "The sandbox leaves the phase that runs as it is, until the end of the period; change the subscription itself."
        raise invalid(part.place("items"), said)


@post("/subscription_schedules/<identity>/release")
def release(call: Call, identity: str) -> Thing:
    """The subscription goes on as it is."""
    world = call.world
    schedule = world.need("subscription_schedule", identity)
    _require_going(schedule)
    subscription = world.need("subscription", schedule["subscription"])
    _finish(world, schedule, subscription)
    world.save(subscription)
    return schedule


def _require_going(schedule: Thing) -> None:
    if schedule["status"] in OVER:
        raise Fault(f"You cannot change a schedule that is {schedule['status']}.", param="id")
