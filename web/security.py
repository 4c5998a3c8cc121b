"""What every answer carries, and what every request that changes anything must show."""

from collections.abc import Iterator

from flask import Flask, Response, abort, request
from flask_wtf.csrf import CSRFProtect
from werkzeug.datastructures import MultiDict

from web.config import Settings

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "form-action 'self'{payments}; frame-ancestors 'none'; base-uri 'none'; manifest-src 'self'"
)
STRIPE = ("https://checkout.stripe.com", "https://billing.stripe.com")
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
}
HTTPS_HEADERS = {"Strict-Transport-Security": "max-age=31536000; includeSubDomains"}
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})

csrf = CSRFProtect()


def init_app(app: Flask, settings: Settings) -> None:
    app.config["WTF_CSRF_TIME_LIMIT"] = None  # bound to the browser session; a form left open over lunch still works
    app.config["WTF_CSRF_SSL_STRICT"] = False  # its Referer check; Sec-Fetch-Site below says more, and Referrer-Policy may hide the header
    csrf.init_app(app)
    app.before_request(refuse_other_sites)
    app.before_request(refuse_nul)
    policy = {"Content-Security-Policy": CSP.format(payments="".join(f" {place}" for place in _payments(settings)))}
    app.after_request(lambda response: _add(harden(response), policy))
    if settings.uses_https:
        app.after_request(lambda response: _add(response, HTTPS_HEADERS))


def _payments(settings: Settings) -> tuple[str, ...]:
    """Where a form of ours may lead on to: the pages on which one pays."""
    if settings.stripe_secret_key is None:
        return ()
    return (settings.stripe_api_base.rstrip("/"),) if settings.stripe_api_base else STRIPE


def refuse_other_sites() -> None:
    """A browser says where a request comes from; one from another site changes nothing here."""
    if request.method not in SAFE and request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        abort(403)


def refuse_nul() -> None:
    """PostgreSQL keeps no NUL in a text, and no honest browser sends one."""
    if any("\x00" in text for text in (request.path, *_texts(request.args), *_texts(request.form))):
        abort(400)


def _texts(fields: MultiDict[str, str]) -> Iterator[str]:
    for name, values in fields.lists():
        yield name
        yield from values


def harden(response: Response) -> Response:
    _add(response, HEADERS)
    response.vary.add("HX-Request")
    if "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "private, no-store"
    return response


def _add(response: Response, headers: dict[str, str]) -> Response:
    for name, value in headers.items():
        response.headers.setdefault(name, value)
    return response
