"""The web application in tests: its settings, and clients that are signed in as one of the cast."""

import datetime as dt
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from saas.identity import sessions
from tenants.wall.session import landlord_plane, open_session
from tests.world.cast import Player

SECRET = "only for tests: thirty-two characters and more"
ABSENT = "unix:///nonexistent/valkey.sock"  # the doorbell that nobody hears: requests must not mind
WEBHOOK_SECRET = "whsec_of_tests"
HTMX = {"HX-Request": "true"}
CSRF = "0123456789abcdef0123456789abcdef01234567"


def make_app(database_url: str, **settings: Any) -> Flask:
    from web.app import create_app
    from web.config import Settings

    defaults: dict[str, Any] = {
        "zuke_env": "test",
        "database_url": database_url,
        "secret_key": SECRET,
        "redis_url": ABSENT,
        "public_url": "http://localhost",
    }
    defaults["stripe_webhook_secrets"] = [WEBHOOK_SECRET]
    return create_app(Settings(**(defaults | settings)))


class Guest(FlaskClient):
    """A browser. A path without a leading slash lies in the guest's own company: guest.get("customers") is /alpha/customers.

    What changes something carries a valid token against forgery, unless `token=False`. `htmx=True` asks as htmx does.
    """

    player: Player | None = None

    def open(self, path: Any = "/", *args: Any, htmx: bool = False, token: bool = True, **kwargs: Any) -> TestResponse:
        if isinstance(path, str) and not path.startswith(("/", "http")):
            assert self.player is not None, "an anonymous guest has no company"
            path = f"/{self.player.company}/{path}"
        headers = dict(kwargs.pop("headers", None) or {}) | (HTMX if htmx else {})
        if token and kwargs.get("method", "GET") not in {"GET", "HEAD", "OPTIONS"}:
            headers |= {"X-CSRFToken": self.csrf_token()}
        return super().open(path, *args, headers=headers, **kwargs)

    def csrf_token(self, base_url: str | None = None) -> str:
        with self.session_transaction(base_url=base_url) as session:
            session["csrf_token"] = CSRF
        secret = self.application.config["SECRET_KEY"]
        return str(URLSafeTimedSerializer(secret, salt="wtf-csrf-token").dumps(CSRF))


def token_for(browser: Guest, host: str) -> dict[str, str]:
    """The header of a browser that speaks to us under another name, as "https://zuke.example"."""
    return {"X-CSRFToken": browser.csrf_token(host)}


def guest(app: Flask, engine: Engine, player: Player | None) -> Guest:
    """A new browser; signed in when it is one of the cast's."""
    from web.identity.cookie import cookie_name

    browser = Guest(app, app.response_class, use_cookies=True)
    browser.player = player
    if player is not None:
        with app.app_context():
            browser.set_cookie(cookie_name(), sign_in(engine, player))
    return browser


def sign_in(engine: Engine, player: Player) -> str:
    """A session of the player's, as signing in makes it; returns the token for the cookie."""
    with open_session(engine, landlord_plane()) as landlord:
        token = sessions.begin(landlord, player.person_id, at=dt.datetime.now(dt.UTC), means="password", address="127.0.0.1", agent="test")
        landlord.commit()
    return token
