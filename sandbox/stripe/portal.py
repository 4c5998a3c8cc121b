"""The customer portal: cards, invoices, the end of a subscription. portal_page.py shows it."""

from sandbox.stripe.api import Call, get, page, post
from sandbox.stripe.faults import invalid
from sandbox.stripe.forms import Params
from sandbox.stripe.store import Thing
from sandbox.stripe.world import World, new_id

SWITCHES = ("customer_update", "invoice_history", "payment_method_update", "subscription_cancel")


def default_configuration(world: World) -> Thing:
    """The one that an account has from the beginning: everything that the page can do."""
    for known in world.store.select("billing_portal.configuration"):
        if known["is_default"]:
            return known
    made = world.make("billing_portal.configuration", "bpc", {"test_clock": None}, active=True, is_default=True)
    for name in SWITCHES:
        made["features"][name]["enabled"] = True
    made["features"]["customer_update"]["allowed_updates"] = ["email", "name"]
    return world.create(made)


def _write(params: Params, configuration: Thing) -> None:
    params.change(configuration, "default_return_url", "name")
    params.part("business_profile").change(configuration["business_profile"], "headline", "privacy_policy_url", "terms_of_service_url")
    said = params.part("features")
    for name in SWITCHES:
        part, feature = said.part(name), configuration["features"][name]
        if (enabled := part.truth("enabled")) is not None:
            feature["enabled"] = enabled
        if name == "customer_update" and "allowed_updates" in part:
            feature["allowed_updates"] = part.texts("allowed_updates")
        if name == "subscription_cancel":
            feature["mode"] = part.choice("mode", "at_period_end", "immediately") or feature["mode"]
    configuration["metadata"] = params.map("metadata", configuration["metadata"])


@post("/billing_portal/configurations")
def configure(call: Call) -> Thing:
    made = call.world.make("billing_portal.configuration", "bpc", {"test_clock": None}, active=True)
    _write(call.params, made)
    return call.world.create(made)


@get("/billing_portal/configurations")
def configurations(call: Call) -> Thing:
    default_configuration(call.world)
    return page(call, "/v1/billing_portal/configurations", call.world.store.select("billing_portal.configuration"))


@get("/billing_portal/configurations/<identity>")
def configuration(call: Call, identity: str) -> Thing:
    return call.world.need("billing_portal.configuration", identity)


@post("/billing_portal/configurations/<identity>")
def reconfigure(call: Call, identity: str) -> Thing:
    with call.world.changing("billing_portal.configuration", identity) as found:
        _write(call.params, found)
        found["updated"] = call.world.now({"test_clock": None})
    return found


@post("/billing_portal/sessions")
def create(call: Call) -> Thing:
    world, params = call.world, call.params
    customer = world.need("customer", params.need("customer"), "customer")
    named = params.text("configuration")
    rules = world.need("billing_portal.configuration", named, "configuration") if named else default_configuration(world)
    made = world.make("billing_portal.session", "bps", customer, customer=customer["id"], configuration=rules["id"])
    made |= {"return_url": params.text("return_url") or rules["default_return_url"], "locale": params.text("locale")}
    if "flow_data" in params:
        made["flow"] = _flow(params.part("flow_data"))
    secret = new_id("x")[2:]
    made["url"] = f"{world.address}/p/{made['id']}/{secret}"
    return world.create(made, secret=secret)


def _flow(said: Params) -> Thing:
    """Straight to one thing: another card."""
    kind = said.choice("type", "payment_method_update") or said.need("type")
    after = said.part("after_completion")
    how, back = after.choice("type", "redirect", "portal_homepage"), after.part("redirect").text("return_url")
    if how == "redirect" and not back:
        raise invalid("flow_data[after_completion][redirect][return_url]", "A redirect needs a return_url.")
    done = {"type": how or "portal_homepage", "hosted_confirmation": None, "redirect": {"return_url": back} if back else None}
    none = dict.fromkeys(("subscription_cancel", "subscription_update", "subscription_update_confirm"))
    return {"type": kind, "after_completion": done, **none}
