"""What happens in the stand-in, on one page: the clock, the post, and every object."""

import json
from functools import partial
from typing import TYPE_CHECKING

from flask import Flask, Response, abort, jsonify, request, url_for

from sandbox.stripe import clock, deliveries, events, standing
from sandbox.stripe.deliveries import Switches
from sandbox.stripe.faults import Fault, invalid
from sandbox.stripe.pages import attempt, shown
from sandbox.stripe.world import ACCOUNT

if TYPE_CHECKING:
    from sandbox.stripe.app import Sandbox

MOST = 50
KINDS = ("subscription", "invoice", "customer", "event", "price", "checkout.session", "webhook_endpoint")
STEPS = {"hour": 3600, "day": 86_400, "week": 7 * 86_400, "month": 31 * 86_400}


def add(app: Flask, sandbox: "Sandbox") -> None:
    app.add_url_rule("/", view_func=partial(show, sandbox), endpoint="home")
    app.add_url_rule("/objects/<identity>", view_func=partial(thing, sandbox), endpoint="object")
    app.add_url_rule("/sandbox/clock", view_func=partial(tell_time, sandbox), endpoint="time")
    for name, verb in (("clock", advance), ("switches", switch), ("deliveries", bring)):
        app.add_url_rule(f"/sandbox/{name}", view_func=partial(verb, sandbox), endpoint=name, methods=["POST"])
    app.add_url_rule("/sandbox/events/<identity>/redelivery", view_func=partial(redeliver, sandbox), endpoint="redelivery", methods=["POST"])
    app.add_url_rule("/sandbox/endpoints/<identity>/secret", view_func=partial(roll, sandbox), endpoint="roll", methods=["POST"])


def show(sandbox: "Sandbox", refusal: str | None = None) -> Response:
    kind = request.args.get("show", "subscription")
    if kind not in KINDS:
        abort(404)
    with sandbox.world() as world:
        told = deliveries.history(world.store, 500)
        customers = {one["id"]: one.get("name") or one.get("email") or one["id"] for one in world.store.select("customer")}
        values: dict[str, object] = {"now": world.now(), "next": world.store.next_bell(ACCOUNT, 1 << 40), "switches": Switches.read(world.store)}
        values |= {"things": world.store.newest(kind, MOST), "customers": customers, "told": _by_event(told)}
        values["after"] = world.store.fact(standing.LAST_RETRY, "past_due")
        return shown("home.html", kind=kind, kinds=KINDS, steps=STEPS, refusal=refusal, **values)


def _by_event(told: list[dict[str, object]]) -> dict[str, list[dict[str, object]]]:
    found: dict[str, list[dict[str, object]]] = {}
    for one in told:
        found.setdefault(str(one["event"]), []).append(one)
    return found


def thing(sandbox: "Sandbox", identity: str) -> Response:
    with sandbox.world() as world:
        found = world.store.get(identity) or abort(404)
    return shown("object.html", thing=found, text=json.dumps(found, indent=2, ensure_ascii=False))


def tell_time(sandbox: "Sandbox") -> Response:
    with sandbox.world() as world:
        return jsonify({"now": world.now(), "offset": world.store.fact("offset", 0)})


def advance(sandbox: "Sandbox") -> Response:
    """By a step, by so many seconds, or to the next thing that happens by itself."""

    def act() -> str:
        with sandbox.world() as world:
            step = request.form.get("step", "")
            if step == "next":
                bell = world.store.next_bell(ACCOUNT, 1 << 40)
                seconds = bell.at - world.now() if bell else 0
            else:
                said = request.form.get("seconds", "")
                seconds = STEPS.get(step) or (int(said) if said.isdecimal() and len(said) < 12 else 0)
            clock.advance(world, seconds)
        return url_for("home")

    return attempt(act, lambda said: show(sandbox, said))


def switch(sandbox: "Sandbox") -> Response:
    def act() -> str:
        numbers = {name: _number(name, most) for name, most in (("duplicate", 5), ("delay", 600), ("drop", 100))}
        after = request.form.get("after", "past_due")
        if after not in {"past_due", "unpaid", "canceled"}:
            raise invalid("after", "No such choice.")
        with sandbox.world() as world:
            world.store.note("switches", numbers | {"reorder": request.form.get("reorder") == "1"})
            world.store.note(standing.LAST_RETRY, after)
        return url_for("home")

    return attempt(act, lambda said: show(sandbox, said))


def _number(name: str, most: int) -> int:
    said = request.form.get(name) or ("1" if name == "duplicate" else "0")
    if not said.isdecimal() or len(said) > 4 or int(said) > most:
        raise Fault(f"{name}: 0 – {most}")
    return int(said)


def bring(sandbox: "Sandbox") -> Response:
    """Everything that waits is delivered now."""
    from sandbox.stripe.postman import Postman

    Postman(sandbox).round(everything=True)
    return attempt(lambda: url_for("home", show="event"), lambda said: show(sandbox, said))


def redeliver(sandbox: "Sandbox", identity: str) -> Response:
    def act() -> str:
        with sandbox.world() as world:
            deliveries.again(world, identity)
        return url_for("home", show="event")

    return attempt(act, lambda said: show(sandbox, said))


def roll(sandbox: "Sandbox", identity: str) -> Response:
    """The new secret is shown once; the old one is signed with for a day."""
    with sandbox.world() as world:
        fresh = events.roll(world, identity)
    return shown("secret.html", secret=fresh)
