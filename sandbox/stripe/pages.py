"""The pages of the stand-in: what all of them share. None of them is Stripe's; each says that no money moves."""

import hmac
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

from flask import Flask, Response, abort, render_template, request
from werkzeug.exceptions import HTTPException

from sandbox.look import language, put_on
from sandbox.stripe.faults import Fault
from sandbox.stripe.store import Thing
from sandbox.stripe.words import translate
from sandbox.stripe.world import World

# A form's answer leads back to whoever asked for the page, and that is another address.
POLICY = "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self' http: https:; base-uri 'none'; frame-ancestors 'none'"
SIGNS = {"cny": "¥", "usd": "$", "hkd": "HK$", "eur": "€"}


def dress(app: Flask) -> None:
    put_on(app)
    app.register_error_handler(HTTPException, _error)
    app.context_processor(lambda: {"_": partial(translate, language=language()), "language": language()})
    app.add_template_filter(money)
    app.add_template_filter(moment)
    app.before_request(_refuse_strangers)
    app.after_request(_headers)


def money(amount: int | None, currency: str | None) -> str:
    sign = SIGNS.get(currency or "cny", f"{(currency or '').upper()} ")
    return f"{'-' if (amount or 0) < 0 else ''}{sign}{abs(amount or 0) / 100:,.2f}"


def moment(stamp: int | None, *, seconds: bool = False) -> str:
    if stamp is None:
        return "–"
    return f"{datetime.fromtimestamp(stamp, UTC).astimezone():{'%Y-%m-%d %H:%M:%S' if seconds else '%Y-%m-%d %H:%M'}}"


def opened(world: World, kind: str, identity: str, secret: str) -> Thing:
    """What a page is about, for who has its address."""
    found = world.find(kind, identity)
    known = world.store.hidden(identity).get("secret", "")
    if found is None or not known or not hmac.compare_digest(known.encode(), secret.encode()):
        abort(404)
    return found


def attempt(act: Callable[[], str], again: Callable[[str], Response]) -> Response:
    """Do what a form asks and go where `act` says; a refusal is shown on the page that `again` makes."""
    try:
        return Response(status=303, headers={"Location": act()})
    except Fault as fault:
        answer = again(str(fault))
        answer.status_code = 422 if answer.status_code == 200 else answer.status_code
        return answer


def shown(template: str, **values: object) -> Response:
    return Response(render_template(template, **values), mimetype="text/html")


def _refuse_strangers() -> None:
    """A form of another page on this machine moves nothing here. The API asks for its key instead."""
    is_ours = request.headers.get("Sec-Fetch-Site", "same-origin") in {"same-origin", "none"}
    if request.method == "POST" and not request.path.startswith("/v1/") and not is_ours:
        abort(403)


def _error(error: HTTPException) -> tuple[str, int]:
    return render_template("missing.html", name=error.name), error.code or 500


def _headers(answer: Response) -> Response:
    if answer.mimetype == "text/html":
        answer.headers["Content-Security-Policy"] = POLICY
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["Cache-Control"] = "no-cache" if request.endpoint in ("static", "look.static") else "no-store"
    return answer
