"""What the pipeline reckons with. Pure."""

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from tenants.values.periods import days_between
from tenants.values.words import N_

Outcome = Literal["open", "won", "lost", "invalid"]
OUTCOMES: dict[str, str] = {"open": N_("Open"), "won": N_("Won"), "lost": N_("Lost"), "invalid": N_("Invalid")}
CLOSED = ("won", "lost", "invalid")
CLOSED_PROBABILITY = {"won": 100, "lost": 0, "invalid": 0}  # per cent
CENT = Decimal("0.01")


def weighted(amount: Decimal, probability: int) -> Decimal:
    """What may be hoped for: the amount times its probability (per cent), in yuan to the cent."""
    return (amount * probability / 100).quantize(CENT, ROUND_HALF_UP)


def next_probability(current: int, *, of_old_stage: int, of_new_stage: int, outcome: str) -> int:
    """It follows the stage. What somebody set by hand is kept while the opportunity is open."""
    if outcome in CLOSED:
        return CLOSED_PROBABILITY[outcome]
    return of_new_stage if current == of_old_stage else current


def days_in_stage(since: dt.datetime, until: dt.datetime, zone: dt.tzinfo) -> int:
    """Calendar days where the firm is: yesterday evening is one day ago."""
    return max(days_between(since, until, zone), 0)


def is_slow(days: int, slow_after: int, outcome: str) -> bool:
    """It has stood in its stage for longer than the firm allows."""
    return outcome == "open" and days > slow_after
