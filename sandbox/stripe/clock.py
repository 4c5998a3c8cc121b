"""Time goes on: the account's clock runs with the real one and can be put forward; a test clock stands still until it is moved.

What falls due on the way is answered in order, each at its own time.
"""

from sandbox.stripe.api import Call, delete, get, page, post
from sandbox.stripe.faults import Fault, invalid
from sandbox.stripe.periods import DAY
from sandbox.stripe.renewal import ANSWERS
from sandbox.stripe.store import Thing
from sandbox.stripe.world import ACCOUNT, World

FARTHEST = 2 * 366 * DAY
"""At once."""
LIVES_FOR = 30 * DAY


def catch_up(world: World, clock: str = ACCOUNT, until: int | None = None) -> int:
    """Answers what is due; how many bells that were."""
    until = world.clock_time(clock) if until is None else until
    answered = 0
    while (bell := world.store.next_bell(clock, until)) is not None:
        world.times[clock] = bell.at
        world.store.unring(bell.seq)
        thing = world.store.get(bell.id)
        if thing is not None and not thing.get("deleted"):
            ANSWERS[bell.what](world, thing)
            world.flush()
        answered += 1
    world.times.pop(clock, None)
    return answered


def advance(world: World, seconds: int) -> int:
    """Puts the account's clock forward; it never goes back."""
    if not 0 < seconds <= FARTHEST:
        raise invalid("seconds", "The clock goes forward, by two years at most.")
    until = world.clock_time(ACCOUNT) + seconds
    answered = catch_up(world, ACCOUNT, until)
    world.store.note("offset", world.store.fact("offset", 0) + seconds)
    return answered


@post("/test_helpers/test_clocks")
def create(call: Call) -> Thing:
    frozen = call.params.count("frozen_time", least=1)
    if frozen is None:
        raise Fault("Missing required param: frozen_time.", code="parameter_missing", param="frozen_time")
    made = call.world.make("test_helpers.test_clock", "clock", {"test_clock": None}, frozen_time=frozen, name=call.params.text("name"))
    return call.world.create(made | {"deletes_after": made["created"] + LIVES_FOR})


@get("/test_helpers/test_clocks")
def index(call: Call) -> Thing:
    return page(call, "/v1/test_helpers/test_clocks", call.world.store.select("test_helpers.test_clock"))


@get("/test_helpers/test_clocks/<identity>")
def show(call: Call, identity: str) -> Thing:
    return call.world.need("test_helpers.test_clock", identity)


@post("/test_helpers/test_clocks/<identity>/advance")
def advancing(call: Call, identity: str) -> Thing:
    """Done when it answers: the sandbox does at once what takes Stripe a while."""
    world = call.world
    clock = world.need("test_helpers.test_clock", identity)
    until = call.params.count("frozen_time") or 0
    if not 0 < until - clock["frozen_time"] <= FARTHEST:
        raise invalid("frozen_time", "A test clock goes forward, by two years at most.")
    world.save(clock | {"status": "advancing", "status_details": {"advancing": {"target_frozen_time": until}}})
    catch_up(world, identity, until)
    clock |= {"frozen_time": until, "status": "ready", "status_details": {}}
    world.save(clock)
    world.emit("test_helpers.test_clock.ready", clock)
    return clock


@delete("/test_helpers/test_clocks/<identity>")
def remove(call: Call, identity: str) -> Thing:
    """Its customers go with it."""
    world = call.world
    clock = world.need("test_helpers.test_clock", identity)
    for customer in world.store.select("customer"):
        if customer.get("test_clock") == identity:
            for kind in ("subscription", "invoice", "subscription_schedule"):
                for thing in world.store.select(kind, customer["id"]):
                    world.store.remove(thing["id"])
            world.store.remove(customer["id"])
    world.remove(clock)
    return {"id": identity, "object": "test_helpers.test_clock", "deleted": True}
