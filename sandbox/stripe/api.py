"""The routes of the API, registered beside the verbs that answer them; lists and expansion, which all nouns share."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sandbox.stripe.faults import Fault, no_such
from sandbox.stripe.forms import Params
from sandbox.stripe.store import Thing
from sandbox.stripe.world import World

MOST = 100
DEEPEST = 4


@dataclass(frozen=True, slots=True)
class Call:
    world: World
    params: Params


Verb = Callable[..., Thing]
ROUTES: list[tuple[str, str, Verb]] = []
Include = Callable[[World, Thing], Any]
INCLUDES: dict[tuple[str, str], Include] = {}
"""Fields that come only when they are asked for: ("invoice", "payments")."""


def get(rule: str) -> Callable[[Verb], Verb]:
    return _route("GET", rule)


def post(rule: str) -> Callable[[Verb], Verb]:
    return _route("POST", rule)


def delete(rule: str) -> Callable[[Verb], Verb]:
    return _route("DELETE", rule)


def _route(method: str, rule: str) -> Callable[[Verb], Verb]:
    def register(verb: Verb) -> Verb:
        ROUTES.append((method, rule, verb))
        return verb

    return register


def included(kind: str, name: str) -> Callable[[Include], Include]:
    def register(read: Include) -> Include:
        INCLUDES[kind, name] = read
        return read

    return register


def listing(url: str, things: list[Thing]) -> Thing:
    """A whole list, as it stands inside other objects."""
    return {"object": "list", "data": things, "has_more": False, "url": url}


def page(call: Call, url: str, things: list[Thing]) -> Thing:
    """One page of a list, newest first."""
    limit = call.params.count("limit", least=1) or 10
    after, before = call.params.text("starting_after"), call.params.text("ending_before")
    if limit > MOST:
        raise Fault(f"This value must be less than or equal to {MOST}.", code="parameter_invalid_integer", param="limit")
    if after:
        things = things[_place(things, after, "starting_after") + 1 :]
    if before:
        until = _place(things, before, "ending_before")
        return listing(url, things[max(0, until - limit) : until]) | {"has_more": until > limit}
    return listing(url, things[:limit]) | {"has_more": len(things) > limit}


def _place(things: list[Thing], identity: str, param: str) -> int:
    for number, thing in enumerate(things):
        if thing["id"] == identity:
            return number
    raise no_such("object", identity, param)


def keep_where(things: list[Thing], **equal: Any) -> list[Thing]:
    """Those whose fields are as said; None says nothing."""
    asked = {name: value for name, value in equal.items() if value is not None}
    return [thing for thing in things if all(thing[name] == value for name, value in asked.items())]


def expand(world: World, answer: Thing, paths: list[str]) -> Thing:
    """Objects in the place of their ids, along paths such as `data.latest_invoice`."""
    for path in paths:
        steps = path.split(".")
        if len(steps) > DEEPEST + 1:
            raise Fault(f"You cannot expand more than {DEEPEST} levels of a property. Property: {path}", param="expand")
        answer = _expand(world, answer, steps, path)
    return answer


def _expand(world: World, value: Any, steps: list[str], path: str) -> Any:
    if isinstance(value, list):
        return [_expand(world, one, steps, path) for one in value]
    if isinstance(value, str):
        value = world.store.get(value) or value
    if not steps or value is None:
        return value
    if not isinstance(value, dict):
        raise Fault(f"This property cannot be expanded ({path}).", param="expand")
    step, rest = steps[0], steps[1:]
    read = INCLUDES.get((value.get("object", ""), step))
    if step not in value and read is None:
        raise Fault(f"This property cannot be expanded ({path}).", param="expand")
    inner = value[step] if step in value else read(world, value) if read else None
    return value | {step: _expand(world, inner, rest, path)}
