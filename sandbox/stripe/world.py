"""One call's view of everything: find, make and change objects; what changed is told as events when the call ends well."""

import copy
import json
import secrets
import string
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sandbox.stripe.faults import no_such
from sandbox.stripe.store import Store, Thing

BLANKS: dict[str, Thing] = json.loads((Path(__file__).parent / "blanks.json").read_text())
LETTERS = string.ascii_letters + string.digits
ACCOUNT = "account"
"""The clock of everything that lives by no test clock of its own."""

# The first word of an object's events; what is not here has none of its own.
TOLD = {
    "customer": "customer",
    "product": "product",
    "price": "price",
    "subscription": "customer.subscription",
    "invoice": "invoice",
    "invoiceitem": "invoiceitem",
    "tax_id": "customer.tax_id",
    "subscription_schedule": "subscription_schedule",
    "payment_intent": "payment_intent",
    "setup_intent": "setup_intent",
    "refund": "refund",
    "credit_note": "credit_note",
    "billing_portal.session": "billing_portal.session",
    "billing_portal.configuration": "billing_portal.configuration",
    "test_helpers.test_clock": "test_helpers.test_clock",
}
# Their changes are told by events of their own, or not at all.
UNTOLD_CHANGES = {"payment_intent", "setup_intent", "test_helpers.test_clock", "billing_portal.session", "invoiceitem", "refund"}


def blank(kind: str) -> Thing:
    """An object with every key that Stripe sends, before anything is said of it."""
    return copy.deepcopy(BLANKS[kind])


def new_id(prefix: str) -> str:
    return f"{prefix}_{''.join(secrets.choice(LETTERS) for _ in range(24))}"


@dataclass(slots=True)
class World:
    store: Store
    address: str
    """Where a browser finds the pages of this stand-in."""
    real: Callable[[], float]
    times: dict[str, int] = field(default_factory=dict)
    """What a clock shows while its bells are answered."""
    cause: Thing = field(default_factory=lambda: {"id": None, "idempotency_key": None})
    """The request that events are told to come from."""
    announce: Callable[["World", Thing], None] = lambda _world, _event: None
    _before: dict[str, Thing | None] = field(default_factory=dict)

    # Time

    def clock_time(self, clock: str) -> int:
        if clock in self.times:
            return self.times[clock]
        if clock != ACCOUNT:
            return int(self.need("test_helpers.test_clock", clock)["frozen_time"])
        return int(self.real() + self.store.fact("offset", 0))

    def now(self, thing: Thing | None = None) -> int:
        """The time where this object lives."""
        return self.clock_time(self.clock_of(thing))

    def clock_of(self, thing: Thing | None) -> str:
        if thing is None:
            return ACCOUNT
        if "test_clock" in thing:
            return thing["test_clock"] or ACCOUNT
        if thing.get("object") == "test_helpers.test_clock":
            return str(thing["id"])
        owner = thing.get("customer") or thing.get("invoice")
        found = self.store.get(owner) if owner else None
        return (found or {}).get("test_clock") or ACCOUNT

    def ring(self, thing: Thing, at: int, what: str) -> None:
        """Answer this later, by the clock of this object."""
        self.store.ring(self.clock_of(thing), at, what, thing["id"])

    # Objects

    def find(self, kind: str, identity: str) -> Thing | None:
        found = self.store.get(identity)
        return found if found is not None and found["object"] == kind else None

    def need(self, kind: str, identity: str, param: str = "id") -> Thing:
        found = self.find(kind, identity)
        if found is None or found.get("deleted"):
            raise no_such(kind.rpartition(".")[2].replace("_", " "), identity, param)
        return found

    def make(self, kind: str, prefix: str, owner: Thing | None = None, **fields: Any) -> Thing:
        """A new object that is not kept yet; `owner` says by which clock it lives."""
        made = blank(kind) | {"id": new_id(prefix)} | fields
        moment = self.now(owner if owner is not None else made)
        return made | {key: fields.get(key, moment) for key in ("created", "updated") if key in made}

    def create(self, thing: Thing, **hidden: Any) -> Thing:
        """Keep a new object and tell it."""
        self._before[thing["id"]] = copy.deepcopy(thing)  # what becomes of it in the same call is told as a change
        self.store.put(thing)
        if hidden:
            self.store.hide(thing["id"], **hidden)
        if thing["object"] in TOLD:
            self.emit(f"{TOLD[thing['object']]}.created", thing)
        return thing

    def save(self, thing: Thing) -> Thing:
        """Keep what changed; it is told once, when the call ends."""
        self._before.setdefault(thing["id"], self.store.get(thing["id"]))
        self.store.put(thing)
        return thing

    def remove(self, thing: Thing) -> None:
        """It is gone, and that is told."""
        self._before[thing["id"]] = None
        self.store.remove(thing["id"])
        self.emit(f"{TOLD[thing['object']]}.deleted", thing)

    def settled(self, thing: Thing) -> None:
        """What changed on it is told in another way."""
        self._before[thing["id"]] = None

    @contextmanager
    def changing(self, kind: str, identity: str) -> Iterator[Thing]:
        found = self.need(kind, identity)
        yield found
        self.save(found)

    # Events

    def emit(self, kind: str, thing: Thing, previous: Thing | None = None) -> None:
        told: Thing = {"object": copy.deepcopy(thing)}
        if previous is not None:
            told["previous_attributes"] = previous
        event = self.make("event", "evt", thing, type=kind, data=told, request=self.cause)
        self.announce(self, event)

    def flush(self) -> None:
        """Tell what changed. One event for an object, however often it was touched."""
        for identity, before in list(self._before.items()):
            after = self.store.get(identity)
            if before is not None and after is not None and before["object"] in TOLD.keys() - UNTOLD_CHANGES:
                previous = {key: before.get(key) for key in after if before.get(key) != after[key]}
                if previous:
                    self.emit(f"{TOLD[after['object']]}.updated", after, previous)
        self._before.clear()
