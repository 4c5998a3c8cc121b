"""Events on their way to endpoints: signed, tried again, and by switches also twice, in disorder, late, or not at all."""

import hashlib
import hmac
import json
import random
import time
from dataclasses import dataclass, field
from typing import Any

import requests

from sandbox.stripe.events import secrets_of
from sandbox.stripe.store import Store
from sandbox.stripe.world import World

RETRY_AFTER = (5, 30, 300, 1800, 3600, 7200, 14400)  # seconds
PATIENCE = 10  # seconds for an answer
DISORDER = 3.0  # seconds within which order is lost


@dataclass(frozen=True, slots=True)
class Switches:
    """How badly the post works. They hold for events from now on."""

    duplicate: int = 1
    """How often each is delivered."""
    reorder: bool = False
    delay: int = 0
    """Seconds."""
    drop: int = 0
    """Percent that never arrive; they can be sent again by hand."""

    @classmethod
    def read(cls, store: Store) -> "Switches":
        return cls(**store.fact("switches", {}))


@dataclass(slots=True)
class Post:
    """One letter that is due."""

    seq: int
    event: str
    endpoint: str
    attempts: int
    url: str = ""
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)


def promise(world: World, event: str, endpoint: str) -> None:
    switches, now = Switches.read(world.store), time.time()
    dropped = random.randrange(100) < switches.drop  # noqa: S311 - chance, not secrecy
    for _ in range(max(1, switches.duplicate)):
        late = switches.delay + (random.uniform(0, DISORDER) if switches.reorder else 0)  # noqa: S311
        _put(world.store, event, endpoint, now + late, "dropped" if dropped else "waiting")


def _put(store: Store, event: str, endpoint: str, due: float, state: str) -> None:
    store.line.execute("INSERT INTO deliveries (event, endpoint, due, state) VALUES (?, ?, ?, ?)", (event, endpoint, due, state))


def again(world: World, event: str) -> int:
    """Send it once more to everybody who hears of its kind; how many that are."""
    from sandbox.stripe.events import hears

    kind = world.need("event", event)["type"]
    listeners = [one for one in world.store.select("webhook_endpoint") if hears(one, kind)]
    for endpoint in listeners:
        _put(world.store, event, endpoint["id"], time.time(), "waiting")
    return len(listeners)


def signature(payload: str, secrets: list[str], at: int) -> str:
    signed = [hmac.new(secret.encode(), f"{at}.{payload}".encode(), hashlib.sha256).hexdigest() for secret in secrets]
    return ",".join([f"t={at}", *(f"v1={one}" for one in signed)])


def due(world: World, *, everything: bool = False) -> list[Post]:
    """What is to be sent now, in order, sealed. `everything`: also what is not due yet."""
    until = 1e12 if everything else time.time()
    query = "SELECT seq, event, endpoint, attempts FROM deliveries WHERE state = 'waiting' AND due <= ? ORDER BY due, seq LIMIT 100"
    posts = [Post(*row) for row in world.store.line.execute(query, (until,)).fetchall()]
    return [post for post in posts if _seal(world, post)]


def _seal(world: World, post: Post) -> bool:
    endpoint, event = world.store.get(post.endpoint), world.store.get(post.event)
    if endpoint is None or event is None:
        world.store.line.execute("DELETE FROM deliveries WHERE seq = ?", (post.seq,))
        return False
    post.url, post.body = endpoint["url"], json.dumps(event, indent=2, ensure_ascii=False)
    sealed = signature(post.body, secrets_of(world, post.endpoint), int(time.time()))
    post.headers = {"Stripe-Signature": sealed, "Content-Type": "application/json; charset=utf-8", "User-Agent": "Stripe/1.0 (sandbox)"}
    return True


def send(post: Post) -> tuple[bool, str]:
    """Whether it was taken, and what was said. No transaction is open meanwhile: who hears of an event asks us about it."""
    try:
        answer = requests.post(post.url, data=post.body.encode(), headers=post.headers, timeout=PATIENCE, allow_redirects=False)
    except requests.RequestException as reason:
        return False, type(reason).__name__
    return answer.status_code // 100 == 2, str(answer.status_code)


def note(world: World, post: Post, *, taken: bool, said: str) -> None:
    tries = post.attempts + 1
    if taken or tries > len(RETRY_AFTER):
        state, when = "taken" if taken else "given up", time.time()
    else:
        state, when = "waiting", time.time() + RETRY_AFTER[tries - 1]
    world.store.line.execute("UPDATE deliveries SET state = ?, due = ?, attempts = ?, said = ? WHERE seq = ?", (state, when, tries, said, post.seq))
    event = world.store.get(post.event)
    if event is not None and state != "waiting":
        world.store.put(event | {"pending_webhooks": max(0, event["pending_webhooks"] - 1)})


def history(store: Store, most: int) -> list[dict[str, Any]]:
    """The newest ones, for the page."""
    names = ("seq", "event", "endpoint", "due", "state", "attempts", "said")
    rows = store.line.execute("SELECT seq, event, endpoint, due, state, attempts, said FROM deliveries ORDER BY seq DESC LIMIT ?", (most,))
    return [dict(zip(names, row, strict=True)) for row in rows]
