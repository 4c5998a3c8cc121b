"""The matrix: who may ask which route. Each room lists its own in tests/wall/rooms/<room>.py; a route that is nowhere listed fails the wall.

A room's file holds `ROUTES`, one line for each method of each route:

    ROUTES = {
        "GET customers.index": tenant(),
        "GET customers.show": tenant(customer_id=of("customer", "Bob")),
        "POST customers.hand_over": tenant(may="alice mei", customer_id=of("customer", "Bob"), data={"owner": look("SELECT id FROM members …")}),
        "GET identity.sign_in": public(),
    }

The wall then asks it as everybody: each role of alpha, Charlie of beta, Olga, nobody; with ids of beta, of a colleague, and of nothing.
"""

import importlib
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from tests.wall import rooms

STAFF = ("alice", "mei", "bob", "rhea")  # of alpha
FINE = frozenset({200, 204, 303})


@dataclass(frozen=True, slots=True)
class Of:
    """A record that stands on the stage (tests/world/stage.py): Alice's, Bob's, or Beta's."""

    kind: str
    owner: str


@dataclass(frozen=True, slots=True)
class Look:
    """The first value that `sql` finds in alpha; asked in beta, it finds the foreign one. In plane "saas", `:company` is "alpha" or "beta"."""

    sql: str
    plane: Literal["tenant", "saas"] = "tenant"


of = Of
look = Look


@dataclass(frozen=True, slots=True)
class Route:
    """`may`: who of alpha's staff gets one of `answers`; the others get 403 or 404. `before`: SQL that makes Bob's case; arguments are :names."""

    kind: Literal["public", "person", "operator", "tenant"]
    args: Mapping[str, Any] = field(default_factory=dict)
    may: frozenset[str] = frozenset(STAFF)
    data: Mapping[str, Any] = field(default_factory=dict)
    answers: frozenset[int] = FINE
    before: tuple[str, ...] = ()
    before_saas: tuple[str, ...] = ()
    json: bool = False
    token: bool = True
    """Against forgery. False for what other machines call, and says of itself how it is guarded."""


def tenant(*, may: str = " ".join(STAFF), data: Any = None, answers: Any = None, before: Any = (), before_saas: Any = (), **args: Any) -> Route:
    """A page behind the wall, under /<slug>/."""
    return _route("tenant", may, data, answers, before, before_saas, args)


def public(*, data: Mapping[str, Any] | None = None, answers: set[int] | None = None, before_saas: str | tuple[str, ...] = (), **args: Any) -> Route:
    """For everybody."""
    return _route("public", "", data, answers, (), before_saas, args)


def person(*, data: Mapping[str, Any] | None = None, answers: set[int] | None = None, before_saas: str | tuple[str, ...] = (), **args: Any) -> Route:
    """For whoever is signed in, of whichever company."""
    return _route("person", "", data, answers, (), before_saas, args)


def operator(
    *, data: Mapping[str, Any] | None = None, answers: set[int] | None = None, before_saas: str | tuple[str, ...] = (), **args: Any
) -> Route:
    """For our own staff: Olga."""
    return _route("operator", "", data, answers, (), before_saas, args)


def _route(
    kind: Any, may: str, data: Any, answers: Any, before: str | tuple[str, ...], before_saas: str | tuple[str, ...], args: Mapping[str, Any]
) -> Route:
    return Route(
        kind=kind,
        args=args,
        may=frozenset(may.split()),
        data=data or {},
        answers=frozenset(answers) if answers else FINE,
        before=(before,) if isinstance(before, str) else before,
        before_saas=(before_saas,) if isinstance(before_saas, str) else before_saas,
    )


def every_route() -> dict[str, Route]:
    """All rooms' lines."""
    found: dict[str, Route] = {}
    for module in pkgutil.iter_modules(rooms.__path__):
        found |= importlib.import_module(f"{rooms.__name__}.{module.name}").ROUTES
    return found
