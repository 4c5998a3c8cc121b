"""What Zuke is, what it costs, three questions answered: the page for people who do not know us yet."""

from flask import Blueprint, Response, redirect, url_for
from flask.typing import ResponseReturnValue

from saas.plans.catalogue import FEATURES, TRIAL_DAYS, rentable
from web.identity.cookie import remember_referral
from web.languages import locale
from web.tenancy import visitor_now
from web.ui.htmx import page

pages = Blueprint("landing", __name__)


@pages.get("/")
def show() -> ResponseReturnValue:
    shots = "en" if locale() == "en" else "zh"
    return page("landing/show.html", plans=rentable(), features=FEATURES, trial_days=TRIAL_DAYS, visitor=visitor_now(), shots=shots)


@pages.get("/prices")
def prices() -> ResponseReturnValue:
    return redirect(url_for(".show", _anchor="prices"), 303)


@pages.get("/r/<code>")
def referred(code: str) -> ResponseReturnValue:
    """A company's link: whoever signs up in this browser within three months came by it."""
    return remember_referral(redirect(url_for(".show"), 303), code[:40])


@pages.get("/robots.txt")
def robots() -> Response:
    """The public pages may be found; what lies behind a sign-in answers nobody anyway."""
    return Response("User-agent: *\nAllow: /$\nAllow: /sign-up\nDisallow: /\n", mimetype="text/plain")
