"""Where a tenant stands in its life, from what it has paid. Pure: the same facts at the same time always give the same answer.

trial → active → past_due (grace) → read_only → closed → erased. Whoever pays is active again at once, from wherever it stood before it was erased.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from tenants.values.words import N_

State = Literal["trial", "active", "past_due", "read_only", "closed", "erased"]

GRACE = dt.timedelta(days=14)  # of an unpaid bill, with everything still going on
READING = dt.timedelta(days=30)  # in which one reads and exports, but no longer writes
KEPT = dt.timedelta(days=90)  # in which a closed company's data wait for it
PAYING = frozenset({"active", "trialing"})  # standings of a subscription that owes nothing
OWING = frozenset({"past_due", "unpaid"})
TRYING = frozenset({"incomplete", "incomplete_expired"})  # it has not begun: its first payment is being made, or never was


# Why a tenant stands where it stands, as its history keeps it, and as it is told.
REASONS: dict[str, str] = {
    "sign-up": N_("Signed up"),
    "subscribed": N_("Rents, and owes nothing"),
    "a bill is overdue": N_("A bill is overdue"),
    "unpaid": N_("A bill was not paid"),
    "on trial": N_("On trial"),
    "the subscription has ended": N_("The subscription has ended"),
    "the trial is over": N_("The trial is over"),
    "rented twice": N_("Rented twice by mistake: the second subscription was ended, and paid back"),
    "closed by the operator": N_("Closed by an operator"),
}


@dataclass(frozen=True, slots=True)
class Facts:
    """`standing`: of the subscription at Stripe, None without one. `overdue_since`: since when a bill waits. `ended_at`: when it ended for good.

    `closed_at`: when we closed it, whatever it pays.
    """

    trial_ends_at: dt.datetime
    standing: str | None = None
    overdue_since: dt.datetime | None = None
    ended_at: dt.datetime | None = None
    closed_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """`until`: when time alone leads on to the next state; None when it does not."""

    state: State
    why: str
    until: dt.datetime | None = None


def place(facts: Facts, at: dt.datetime) -> Place:
    """Where a company with these facts stands at `at`. What was erased is not asked."""
    if facts.closed_at is not None:
        erased_at = facts.closed_at + KEPT
        return Place("closed", "closed by the operator", erased_at) if at < erased_at else Place("erased", "closed by the operator")
    if facts.standing in PAYING:
        return Place("active", "subscribed")
    if facts.standing in OWING and facts.overdue_since is not None:
        ends_at = facts.overdue_since + GRACE
        return Place("past_due", "a bill is overdue", ends_at) if at < ends_at else _unpaid(ends_at, "unpaid", at)
    if at < facts.trial_ends_at:
        return Place("trial", "on trial", facts.trial_ends_at)
    if facts.ended_at is not None:
        return _unpaid(max(facts.ended_at, facts.trial_ends_at), "the subscription has ended", at)
    return _unpaid(facts.trial_ends_at, "the trial is over", at)


def _unpaid(since: dt.datetime, why: str, at: dt.datetime) -> Place:
    closes_at = since + READING
    if at < closes_at:
        return Place("read_only", why, closes_at)
    erased_at = closes_at + KEPT
    return Place("closed", why, erased_at) if at < erased_at else Place("erased", why)
