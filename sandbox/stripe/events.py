"""Events, and the endpoints that want to hear of them."""

import secrets
import time

from stripe import api_version as API_VERSION

from sandbox.stripe.api import Call, delete, get, page, post
from sandbox.stripe.faults import invalid
from sandbox.stripe.forms import Params
from sandbox.stripe.store import Thing
from sandbox.stripe.world import World

OLD_SECRET_FOR = 24 * 3600  # seconds that the secret before is still signed with


def announce(world: World, event: Thing) -> None:
    """Keep it, and promise it to every endpoint that asked for its kind. Also what World calls for each event."""
    from sandbox.stripe.deliveries import promise

    listeners = [one for one in reversed(world.store.select("webhook_endpoint")) if hears(one, event["type"])]
    world.store.put(event | {"api_version": API_VERSION, "pending_webhooks": len(listeners)})
    for endpoint in listeners:
        promise(world, event["id"], endpoint["id"])


def hears(endpoint: Thing, kind: str) -> bool:
    return endpoint["status"] == "enabled" and any(wanted in {"*", kind} for wanted in endpoint["enabled_events"])


@get("/events")
def index(call: Call) -> Thing:
    kind, kinds = call.params.text("type"), call.params.texts("types")
    found = call.world.store.select("event")
    return page(call, "/v1/events", [one for one in found if (not kind or one["type"] == kind) and (not kinds or one["type"] in kinds)])


@get("/events/<identity>")
def show(call: Call, identity: str) -> Thing:
    return call.world.need("event", identity)


@post("/webhook_endpoints")
def create(call: Call) -> Thing:
    """The secret is told once, here."""
    made = call.world.make("webhook_endpoint", "we", url=_url(call.params), enabled_events=_kinds(call.params))
    call.params.choice("api_version", API_VERSION)
    made |= {"description": call.params.text("description"), "metadata": call.params.map("metadata"), "api_version": API_VERSION}
    return register(call.world, made, new_secret())


def register(world: World, endpoint: Thing, secret: str) -> Thing:
    world.create(endpoint, secrets=[secret])
    return endpoint | {"secret": secret}


def new_secret() -> str:
    return f"whsec_{secrets.token_urlsafe(24)}"


def _url(params: Params) -> str:
    url = params.need("url")
    if not url.startswith(("http://127.0.0.1:", "http://localhost:", "http://[::1]:")):
        raise invalid("url", "This stand-in delivers to this machine only.")
    return url


def _kinds(params: Params) -> list[str]:
    return params.texts("enabled_events") or ["*"]


@get("/webhook_endpoints")
def endpoints(call: Call) -> Thing:
    return page(call, "/v1/webhook_endpoints", call.world.store.select("webhook_endpoint"))


@get("/webhook_endpoints/<identity>")
def endpoint(call: Call, identity: str) -> Thing:
    return call.world.need("webhook_endpoint", identity)


@post("/webhook_endpoints/<identity>")
def change(call: Call, identity: str) -> Thing:
    params = call.params
    with call.world.changing("webhook_endpoint", identity) as found:
        params.change(found, "description")
        if "url" in params:
            found["url"] = _url(params)
        if "enabled_events" in params:
            found["enabled_events"] = _kinds(params)
        if (disabled := params.truth("disabled")) is not None:
            found["status"] = "disabled" if disabled else "enabled"
        found["metadata"] = params.map("metadata", found["metadata"])
    return found


@delete("/webhook_endpoints/<identity>")
def remove(call: Call, identity: str) -> Thing:
    call.world.need("webhook_endpoint", identity)
    call.world.store.remove(identity)
    return {"id": identity, "object": "webhook_endpoint", "deleted": True}


def roll(world: World, identity: str) -> str:
    """A new secret; for a day deliveries are signed with the old one as well."""
    world.need("webhook_endpoint", identity)
    fresh = new_secret()
    world.store.hide(identity, secrets=[fresh, *world.store.hidden(identity)["secrets"][:1]], old_until=time.time() + OLD_SECRET_FOR)
    return fresh


def secrets_of(world: World, identity: str) -> list[str]:
    hidden = world.store.hidden(identity)
    known: list[str] = hidden["secrets"]
    return known if hidden.get("old_until", 0) > time.time() else known[:1]
