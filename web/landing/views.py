"""What Zuke is, what it costs, some questions answered, and what holds between us: the pages for people who do not know us yet."""

from typing import Any

from flask import Blueprint, Response, current_app, redirect, url_for
from flask.typing import ResponseReturnValue

from saas.billing.gateway import DAYS_UNTIL_DUE
from saas.plans.catalogue import FEATURES, TRIAL_DAYS, rentable
from saas.registry.life import GRACE, KEPT, READING
from web.config import Settings
from web.identity.cookie import remember_referral
from web.languages import locale
from web.tenancy import visitor_now
from web.ui.htmx import page

pages = Blueprint("landing", __name__)


@pages.get("/")
def show() -> ResponseReturnValue:
    shots = "en" if locale() == "en" else "zh"
    times: dict[str, Any] = {"trial_days": TRIAL_DAYS, "reading": READING.days, "kept": KEPT.days, "due": DAYS_UNTIL_DUE}
    return page("landing/show.html", plans=rentable(), features=FEATURES, visitor=visitor_now(), shots=shots, **times)


@pages.get("/prices")
def prices() -> ResponseReturnValue:
    return redirect(url_for(".show", _anchor="prices"), 303)


@pages.get("/terms")
def terms() -> ResponseReturnValue:
    return page("landing/terms.html", **_between_us())


@pages.get("/privacy")
def privacy() -> ResponseReturnValue:
    return page("landing/privacy.html", **_between_us())


def _between_us() -> dict[str, Any]:
    """Who runs this installation, and for how many days what is promised holds."""
    settings: Settings = current_app.extensions["settings"]
    operator = {"operator": settings.operator_name, "contact": settings.contact, "address": settings.public_url}
    return operator | {"trial_days": TRIAL_DAYS, "grace": GRACE.days, "reading": READING.days, "kept": KEPT.days}


@pages.get("/r/<code>")
def referred(code: str) -> ResponseReturnValue:
    """A company's link: whoever signs up in this browser within three months came by it."""
    return remember_referral(redirect(url_for(".show"), 303), code[:40])


@pages.get("/robots.txt")
def robots() -> Response:
    """The public pages may be found; what lies behind a sign-in answers nobody anyway."""
    return Response("User-agent: *\nAllow: /$\nAllow: /sign-up\nAllow: /terms\nAllow: /privacy\nDisallow: /\n", mimetype="text/plain")
