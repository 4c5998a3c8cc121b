"""Postal addresses."""

from sandbox.stripe.forms import Params
from sandbox.stripe.store import Thing


def address(params: Params) -> Thing:
    return {name: params.text(name) for name in ("city", "country", "line1", "line2", "postal_code", "state")}
