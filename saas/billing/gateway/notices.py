"""What Stripe tells us: believed for its signature, and for nothing else."""

import datetime as dt

import stripe

from saas.billing import reading
from saas.billing.reading import stamp
from saas.billing.values import Forged, Notice

TOLERANCE = 300  # seconds that a notice may be old, or its clock ahead of ours


def read(body: bytes, signature: str, secrets: list[str], *, now: dt.datetime) -> Notice:
    """A notice that was signed with one of our secrets, lately. Raises `Forged`."""
    at = reading.signed_at(signature)
    if abs(stamp(now) - at) > TOLERANCE:  # the library lets the future pass
        raise Forged
    for secret in secrets:
        try:
            stripe.WebhookSignature.verify_header(body, signature, secret, tolerance=None)
        except (stripe.SignatureVerificationError, UnicodeDecodeError):
            continue
        return reading.notice(body)
    raise Forged
