"""The application: settings in, Flask app out."""

from flask import Flask
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from web import database, doorbell, errors, languages, logs, menu, metrics, routes, security, tenancy, ui
from web.config import Settings
from web.subscription import account

MAX_BODY = 25 * 1024 * 1024  # bytes; an attachment of 20 MB and its form


def create_app(settings: Settings | None = None) -> Flask:
    settings = settings or Settings()  # type: ignore[call-arg]  # read from the environment
    logs.configure(settings)
    app = Flask("web", static_folder=None)
    app.extensions["settings"] = settings
    app.config.update(
        SECRET_KEY=settings.secret_key,
        TESTING=settings.zuke_env == "test",
        MAX_CONTENT_LENGTH=MAX_BODY,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        SESSION_COOKIE_NAME="zuke-form",
        SESSION_COOKIE_SECURE=settings.uses_https,
        SESSION_COOKIE_SAMESITE="Lax",
        PREFERRED_URL_SCHEME="https" if settings.uses_https else "http",
    )
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    database.connect(app, settings)
    for room in (metrics, languages, tenancy, errors, ui, menu, routes):
        room.init_app(app)
    doorbell.init_app(app, settings)
    app.extensions["gateway"] = account.connect(settings)
    security.init_app(app, settings)
    return app
