"""When somebody's morning is, in any zone, on the days when the clock is moved, on working days."""

import datetime as dt
import zoneinfo

from hypothesis import given, settings
from hypothesis import strategies as st

from tenants.notifications.mornings import last_morning, next_morning
from tenants.notifications.preferences import Preferences
from tenants.values.calendars import is_working_day

SHANGHAI = zoneinfo.ZoneInfo("Asia/Shanghai")
zones = st.sampled_from(("Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia")).map(zoneinfo.ZoneInfo)
moments = st.datetimes(dt.datetime(2024, 1, 1), dt.datetime(2027, 1, 1), timezones=st.just(dt.UTC))
clocks = st.times().map(lambda time: time.replace(second=0, microsecond=0))
EVERY_DAY = Preferences(digest_every_day=True)


@settings(deadline=None)
@given(clocks, moments, zones, st.booleans())
def test_the_next_morning_is_a_morning(clock: dt.time, at: dt.datetime, zone: zoneinfo.ZoneInfo, every_day: bool) -> None:
    preferences = Preferences(digest_at=clock, digest_every_day=every_day)
    following = next_morning(preferences, at, zone)
    assert following is not None and following > at
    assert every_day or is_working_day(following.astimezone(zone).date()) or following.astimezone(zone).time() != clock
    came = last_morning(preferences, following, zone)
    assert came == following or following.astimezone(zone).time().replace(tzinfo=None) != clock, "only a clock that leaps says otherwise"
    assert next_morning(preferences, following - dt.timedelta(microseconds=1), zone) == following
    if every_day:
        assert following - at <= dt.timedelta(hours=50), "Apia once skipped a whole day, nobody skips two"


def test_half_past_eight_on_working_days() -> None:
    friday = dt.datetime(2026, 11, 27, 1, tzinfo=dt.UTC)  # nine in the morning
    assert next_morning(Preferences(), friday, SHANGHAI) == dt.datetime(2026, 11, 30, 0, 30, tzinfo=dt.UTC)
    assert next_morning(EVERY_DAY, friday, SHANGHAI) == dt.datetime(2026, 11, 28, 0, 30, tzinfo=dt.UTC)


def test_the_clock_on_the_wall_counts() -> None:
    """Berlin goes over to summer time on 29 March 2026."""
    berlin = zoneinfo.ZoneInfo("Europe/Berlin")
    assert next_morning(EVERY_DAY, dt.datetime(2026, 3, 28, 7, tzinfo=dt.UTC), berlin) == dt.datetime(2026, 3, 28, 7, 30, tzinfo=dt.UTC)
    assert next_morning(EVERY_DAY, dt.datetime(2026, 3, 28, 8, tzinfo=dt.UTC), berlin) == dt.datetime(2026, 3, 29, 6, 30, tzinfo=dt.UTC)


def test_who_wants_none_has_no_morning() -> None:
    nobody = Preferences({"digest": frozenset()})
    assert next_morning(nobody, dt.datetime(2026, 11, 27, tzinfo=dt.UTC), SHANGHAI) is None
    assert last_morning(nobody, dt.datetime(2026, 11, 27, 9, tzinfo=dt.UTC), SHANGHAI) is None
