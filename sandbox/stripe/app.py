"""The stand-in as a web server: the API under /v1, the pages that customers click through, and a page about everything."""

import hmac
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from flask import Flask, Response, jsonify, request
from stripe import api_version as API_VERSION

# Importing them registers their routes.
from sandbox.stripe import (  # noqa: F401
    api,
    balance,
    checkout,
    checkout_page,
    clock,
    credit_notes,
    customers,
    events,
    home_page,
    idempotency,
    invoice_items,
    invoice_page,
    invoices,
    pages,
    payments,
    portal,
    portal_page,
    preview,
    prices,
    products,
    refunds,
    subscriptions,
)
from sandbox.stripe.faults import Fault, Unauthorized
from sandbox.stripe.forms import Params, decode
from sandbox.stripe.store import Store
from sandbox.stripe.world import World, new_id

Answer = tuple[int, dict[str, Any]]


@dataclass(slots=True)
class Sandbox:
    """The whole stand-in, whoever asks it."""

    store: Store
    address: str
    key: str
    """The secret key that callers must show."""
    real: Callable[[], float] = field(default=time.time)

    def bare(self) -> World:
        """For looking on; the caller opens the transaction."""
        return World(self.store, self.address, self.real, announce=events.announce)

    @contextmanager
    def world(self) -> Iterator[World]:
        """One transaction; what was due before it has happened."""
        with self.store.transaction():
            world = self.bare()
            clock.catch_up(world)
            yield world
            world.flush()


def make_app(sandbox: Sandbox) -> Flask:
    app = Flask(__name__, static_folder="static", template_folder="templates")
    pages.dress(app)
    for room in (checkout_page, invoice_page, portal_page, home_page):
        room.add(app, sandbox)
    make_api(app, sandbox)
    return app


def make_api(app: Flask, sandbox: Sandbox) -> None:
    for method, rule, verb in api.ROUTES:
        name = f"{verb.__module__.rpartition('.')[2]}.{verb.__name__}"
        app.add_url_rule(f"/v1{rule}", view_func=partial(_answer, sandbox, verb), endpoint=name, methods=[method])
    app.add_url_rule("/v1/<path:path>", view_func=_unknown, endpoint="unknown", methods=["GET", "POST", "DELETE"])


def _unknown(path: str) -> Response:
    fault = Fault(f"Unrecognized request URL ({request.method}: /v1/{path}), or one that this sandbox does not play.")
    return _response(404, fault.answer())


def _answer(sandbox: Sandbox, verb: api.Verb, **ids: str) -> Response:
    request_id = new_id("req")
    try:
        _require_key(sandbox.key)
        status, body, again = _once(sandbox, verb, ids, request_id)
    except Fault as fault:
        status, body, again = fault.status, fault.answer(), False
    answer = _response(status, body)
    answer.headers["Request-Id"] = request_id
    if again:
        answer.headers["Idempotent-Replayed"] = "true"
    return answer


def _response(status: int, body: dict[str, Any]) -> Response:
    answer = jsonify(body)
    answer.status_code = status
    answer.headers["Stripe-Version"] = API_VERSION
    return answer


def _require_key(key: str) -> None:
    shown = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not hmac.compare_digest(shown.encode(), key.encode()):
        raise Unauthorized(f"Invalid API Key provided: {shown[:8]}****")
    asked = request.headers.get("Stripe-Version", API_VERSION)
    if asked != API_VERSION:
        raise Fault(f"This sandbox plays version {API_VERSION} of the API, not {asked}.", param="Stripe-Version")


def _once(sandbox: Sandbox, verb: api.Verb, ids: dict[str, str], request_id: str) -> tuple[int, dict[str, Any], bool]:
    """With a key that was seen before, the answer of then. What was refused as nonsense is not remembered, a declined card is."""
    key = request.headers.get("Idempotency-Key") if request.method == "POST" else None
    text = request.get_data(as_text=True) if request.method == "POST" else request.query_string.decode()
    asked = idempotency.fingerprint(request.method, request.path, text)
    with sandbox.store.lock:
        if key and (known := idempotency.recall(sandbox.store, key, asked)):
            return *known, True
        status, body = _perform(
            sandbox, verb, ids, text, {"id": request_id, "idempotency_key": key}, remember=partial(_remember, sandbox, key, asked)
        )
        return status, body, False


def _perform(
    sandbox: Sandbox, verb: api.Verb, ids: dict[str, str], text: str, cause: dict[str, Any], remember: Callable[[int, dict[str, Any]], None]
) -> Answer:
    kept: Fault | None = None
    try:
        with sandbox.world() as world:
            world.cause = cause
            try:
                body = _called(world, verb, ids, text)
            except Fault as fault:
                if not fault.keeps:
                    raise
                kept, body = fault, fault.answer()
            world.flush()
            remember(kept.status if kept else 200, body)
    except Fault as fault:
        if fault.status == 402:
            with sandbox.store.transaction():
                remember(402, fault.answer())
        raise
    return (kept.status if kept else 200), body


def _called(world: World, verb: api.Verb, ids: dict[str, str], text: str) -> dict[str, Any]:
    params = Params(decode(text))
    paths = params.texts("expand")
    body = verb(api.Call(world, params), **ids)
    params.close()
    return api.expand(world, body, paths)


def _remember(sandbox: Sandbox, key: str | None, asked: str, status: int, body: dict[str, Any]) -> None:
    if key:
        idempotency.remember(sandbox.store, key, asked, status, body, at=time.time())
