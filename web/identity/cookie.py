"""The session cookie: opaque, HttpOnly, Lax; with the __Host- prefix over https."""

from flask import current_app, request
from werkzeug.wrappers import Response

from saas.identity.sessions import LIFETIME


def cookie_name() -> str:
    return "__Host-zuke" if current_app.config["SESSION_COOKIE_SECURE"] else "zuke"


def session_token() -> str | None:
    return request.cookies.get(cookie_name())


def keep_token(response: Response, token: str) -> Response:
    response.set_cookie(
        cookie_name(),
        token,
        max_age=int(LIFETIME.total_seconds()),
        httponly=True,
        samesite="Lax",
        secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
    )
    return response


def drop_token(response: Response) -> Response:
    response.delete_cookie(
        cookie_name(),
        httponly=True,
        samesite="Lax",
        secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
    )
    return response
