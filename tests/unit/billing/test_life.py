"""The life of a tenant, from what it has paid: whatever happens, who pays is let in, and time alone never leads back."""

import datetime as dt
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from saas.registry.life import GRACE, KEPT, READING, Facts, place

BEGUN = dt.datetime(2026, 1, 5, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
ORDER = ("trial", "past_due", "read_only", "closed", "erased")
moments = st.integers(-50, 400).map(lambda days: BEGUN + days * DAY)
STANDINGS = (None, "trialing", "active", "past_due", "unpaid", "canceled", "incomplete", "incomplete_expired", "paused")
facts = st.builds(Facts, moments, st.sampled_from(STANDINGS), st.none() | moments, st.none() | moments, st.none())


@given(facts, moments)
def test_who_pays_is_let_in(known: Facts, at: dt.datetime) -> None:
    state = place(known, at).state
    if known.standing in ("active", "trialing"):
        assert state == "active"
    else:
        assert state != "active"
    if at < known.trial_ends_at and known.standing not in ("past_due", "unpaid"):
        assert state in ("trial", "active"), "what was promised free stays free"


@given(facts, moments, st.integers(0, 300))
def test_time_alone_leads_on_and_never_back(known: Facts, at: dt.datetime, days: int) -> None:
    now, then = place(known, at), place(known, at + days * DAY)
    if now.state == "active":
        assert then.state == "active"
        return
    assert ORDER.index(then.state) >= ORDER.index(now.state)
    if now.until is None:
        assert now.state == "erased"
    elif at + days * DAY < now.until:
        assert then == now, "nothing changes before the time that was told"
    else:
        assert then.state != now.state


@given(facts, moments)
def test_nothing_is_erased_before_everybody_had_time(known: Facts, at: dt.datetime) -> None:
    if place(known, at).state == "erased":
        assert at >= known.trial_ends_at + READING + KEPT or known.standing in ("past_due", "unpaid")
        if known.standing in ("past_due", "unpaid") and known.overdue_since:
            assert at >= known.overdue_since + GRACE + READING + KEPT


def test_the_days_of_an_unpaid_bill() -> None:
    known = Facts(BEGUN, "past_due", overdue_since=BEGUN + 40 * DAY)
    days = {at: place(known, BEGUN + 40 * DAY + at * DAY).state for at in (0, 13, 14, 43, 44, 133, 134)}
    assert days == {0: "past_due", 13: "past_due", 14: "read_only", 43: "read_only", 44: "closed", 133: "closed", 134: "erased"}


@given(facts, moments)
def test_who_was_closed_by_us_stays_closed_whatever_it_pays(known: Facts, at: dt.datetime) -> None:
    closed = replace(known, closed_at=BEGUN)
    assert place(closed, max(at, BEGUN)).state == ("closed" if max(at, BEGUN) < BEGUN + KEPT else "erased")
