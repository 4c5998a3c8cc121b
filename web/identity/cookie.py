"""Two cookies, opaque, HttpOnly, Lax, with the __Host- prefix over https: the session, and who has signed in on this device before."""

import hashlib
import hmac
import secrets
import uuid

from flask import current_app, request
from werkzeug.wrappers import Response

from saas.identity.sessions import LIFETIME

DEVICE_LIFETIME = 400 * 24 * 3600  # seconds; browsers keep no cookie longer
REFERRAL_LIFETIME = 90 * 24 * 3600  # seconds
MOST = 5  # people who share a device


def cookie_name() -> str:
    return _named("zuke")


def session_token() -> str | None:
    return request.cookies.get(cookie_name())


def keep_token(response: Response, token: str) -> Response:
    return _keep(response, cookie_name(), token, int(LIFETIME.total_seconds()))


def remember_referral(response: Response, code: str) -> Response:
    """By whose link somebody came; it opens nothing."""
    return _keep(response, _named("zuke-by"), code, REFERRAL_LIFETIME)


def referral() -> str | None:
    return request.cookies.get(_named("zuke-by"))


def drop_token(response: Response) -> Response:
    response.delete_cookie(cookie_name(), httponly=True, samesite="Lax", secure=_is_secure())
    return response


def device_of(person_id: uuid.UUID) -> uuid.UUID | None:
    """The device's own id, if this person has signed in on it before. It opens nothing; it only has tries of its own."""
    for entry in _entries():
        device, _, seal = entry.partition(".")
        if hmac.compare_digest(seal.encode(), _seal(device, person_id).encode()):
            return uuid.UUID(device)
    return None


def keep_device(response: Response, person_id: uuid.UUID) -> Response:
    """Remembers, without a table, that this person signs in here: "<device>.<seal>" for each of the last few people."""
    if device_of(person_id) is not None:
        return response
    device = secrets.token_hex(16)
    entries = [f"{device}.{_seal(device, person_id)}", *_entries()][:MOST]
    return _keep(response, _named("zuke-device"), "~".join(entries), DEVICE_LIFETIME)


def _entries() -> list[str]:
    return [entry for entry in request.cookies.get(_named("zuke-device"), "").split("~") if entry][:MOST]


def _seal(device: str, person_id: uuid.UUID) -> str:
    secret = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(secret, f"device {device} {person_id}".encode(), hashlib.sha256).hexdigest()


def _named(name: str) -> str:
    return f"__Host-{name}" if _is_secure() else name


def _is_secure() -> bool:
    return bool(current_app.config["SESSION_COOKIE_SECURE"])


def _keep(response: Response, name: str, value: str, seconds: int) -> Response:
    response.set_cookie(name, value, max_age=seconds, httponly=True, samesite="Lax", secure=_is_secure())
    return response
