"""When an operator may look into a company, and when no longer. Pure."""

import datetime as dt
from dataclasses import dataclass

from saas.registry.states import ENTERABLE
from tenants.values.words import N_

LONGEST = dt.timedelta(minutes=60)  # a visit
SPANS = (1, 3, 7)  # days of a consent
PATIENCE = dt.timedelta(days=14)  # for which a question waits for its answer
TAKEN_BACK = dt.timedelta(hours=1)  # in which a withdrawal can be undone
SHORTEST = 10  # characters of a reason; a Chinese one says as much as two others
VARIED = 4  # different ones, at least: "aaaaaaaaaa" is no reason
CHINESE = range(0x2E80, 0xA000)

# Why a visit is over, as it is kept or found, and as its visitor is told.
ENDINGS: dict[str, str] = {
    "left": N_("You ended it yourself."),
    "withdrawn": N_("The company has withdrawn its consent."),
    "over": N_("Its time is up."),
    "closed": N_("The company is closed."),
    "staff": N_("You are not one of our operators any more."),
    "elsewhere": N_("It was begun in another browser, or before you signed in again."),
}


@dataclass(frozen=True, slots=True)
class Facts:
    """Of one visit, as the door finds them. `role`: the visitor's among our staff now. `consent_ends_at`: None for a visit with a reason."""

    ends_at: dt.datetime
    ending: str | None
    is_same_browser: bool
    may_act: bool
    tenant_state: str
    is_withdrawn: bool = False
    consent_ends_at: dt.datetime | None = None


def why_over(facts: Facts, at: dt.datetime) -> str | None:
    """One of `ENDINGS`; None while it runs."""
    if facts.ending is not None:
        return facts.ending
    if not facts.may_act:
        return "staff"
    if facts.tenant_state not in ENTERABLE:
        return "closed"
    if facts.is_withdrawn:
        return "withdrawn"
    if at >= min(facts.ends_at, facts.consent_ends_at or facts.ends_at):
        return "over"
    return None if facts.is_same_browser else "elsewhere"


def is_reason(text: str) -> bool:
    """A sentence, in whichever language."""
    words = text.strip()
    length = sum(2 if ord(sign) in CHINESE else 1 for sign in words if not sign.isspace())
    return length >= SHORTEST and len(set(words)) >= VARIED
