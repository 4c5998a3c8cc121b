"""Stripe's notices: checked, kept, answered at once; a worker looks afterwards."""

import datetime as dt

from flask import Blueprint, abort, current_app, request
from flask.typing import ResponseReturnValue

from saas.billing.events import receive
from saas.billing.gateway import Gateway
from saas.billing.values import Forged
from web.config import Settings
from web.database import db
from web.security import csrf

pages = Blueprint("webhooks", __name__, url_prefix="/webhooks")
LARGEST = 512 * 1024  # bytes; Stripe's are a few thousand


@pages.post("/stripe")
@csrf.exempt
def stripe() -> ResponseReturnValue:
    """204 for whatever Stripe has signed lately, known or new; 400 for everything else, without a word why."""
    settings: Settings = current_app.extensions["settings"]
    if not settings.stripe_webhook_secrets:
        abort(404)
    if (request.content_length or 0) > LARGEST or len(request.get_data()) > LARGEST:  # what comes in chunks does not say how long it is
        abort(413)
    at = dt.datetime.now(dt.UTC)
    try:
        notice = Gateway.read(request.get_data(), request.headers.get("Stripe-Signature", ""), settings.stripe_webhook_secrets, now=at)
    except Forged:
        return "", 400
    receive(db.session(), notice, at=at)
    return "", 204
