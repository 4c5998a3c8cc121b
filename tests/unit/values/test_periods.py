import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenants.values.periods import KINDS, Kind, Period, add_months, day_bounds, days_between

SHANGHAI = ZoneInfo("Asia/Shanghai")
MOMENTS = st.datetimes(
    dt.datetime(2001, 1, 1), dt.datetime(2080, 1, 1), timezones=st.sampled_from([SHANGHAI, ZoneInfo("America/New_York"), ZoneInfo("UTC")])
)


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("kind", "start", "end", "before", "until"),
    [
        ("today", "2026-11-24", "2026-11-25", "2026-11-23", "2026-11-23T14:00"),
        ("week", "2026-11-23", "2026-11-30", "2026-11-16", "2026-11-17T14:00"),
        ("month", "2026-11-01", "2026-12-01", "2026-10-01", "2026-10-24T14:00"),
        ("quarter", "2026-10-01", "2027-01-01", "2026-07-01", "2026-08-24T14:00"),
        ("year", "2026-01-01", "2027-01-01", "2025-01-01", "2025-11-24T14:00"),
    ],
)
def test_a_tuesday_in_november(kind: Kind, start: str, end: str, before: str, until: str) -> None:
    period = Period.around(at("2026-11-24T14:00"), kind)
    assert (period.start, period.end) == (at(start), at(end))
    assert (period.before().start, period.before().end) == (at(before), at(until))


@pytest.mark.parametrize(
    ("now", "kind", "until"),
    [
        ("2026-03-31T09:00", "month", "2026-03-01"),  # February has no 31st: all of it
        ("2026-05-31T09:00", "quarter", "2026-03-01"),
        ("2028-02-29T09:00", "year", "2027-03-01"),
        ("2026-01-01T00:00", "today", "2025-12-31"),
    ],
)
def test_days_that_the_period_before_does_not_have(now: str, kind: Kind, until: str) -> None:
    assert Period.around(at(now), kind).before().end == at(until)


@given(MOMENTS, st.sampled_from(KINDS))
def test_periods_hold_now_and_touch_the_one_before(now: dt.datetime, kind: Kind) -> None:
    period = Period.around(now, kind)
    before = period.before()
    assert now in period and before.start <= before.end <= period.start
    assert Period.around(before.start, kind).end == period.start
    assert period.start.time() == period.end.time() == dt.time.min
    assert period.end not in period


@given(st.dates(dt.date(1990, 1, 1), dt.date(2090, 1, 1)), st.integers(-240, 240))
def test_adding_months(day: dt.date, months: int) -> None:
    moved = add_months(day, months)
    assert (moved.year * 12 + moved.month) - (day.year * 12 + day.month) == months
    assert moved.day == day.day or (moved.day < day.day and (moved + dt.timedelta(days=1)).day == 1)


def test_calendar_days_are_counted_in_the_zone() -> None:
    late, early = at("2026-11-24T23:59"), at("2026-11-25T00:01")
    assert days_between(late, early, SHANGHAI) == 1 and days_between(early, late, SHANGHAI) == -1
    assert days_between(late, early, ZoneInfo("UTC")) == 0
    assert day_bounds(dt.date(2026, 11, 24), SHANGHAI) == (at("2026-11-24"), at("2026-11-25"))
