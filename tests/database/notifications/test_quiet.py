"""Quiet hours, by the clock on the wall, in any zone and on the days when it is moved."""

import datetime as dt
import zoneinfo

from hypothesis import given
from hypothesis import strategies as st

from tenants.notifications.quiet import Quiet

ZONES = ("Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Sao_Paulo", "Asia/Kathmandu", "UTC")
clocks = st.times().map(lambda time: time.replace(second=0, microsecond=0))
nights = st.builds(Quiet, clocks, clocks).filter(lambda quiet: quiet.start != quiet.end)
moments = st.datetimes(dt.datetime(2000, 1, 1), dt.datetime(2040, 1, 1), timezones=st.just(dt.UTC))
zones = st.sampled_from(ZONES).map(zoneinfo.ZoneInfo)


@given(nights, moments, zones)
def test_nothing_is_sent_early_nor_in_the_quiet_nor_a_day_late(quiet: Quiet, at: dt.datetime, zone: zoneinfo.ZoneInfo) -> None:
    loud = quiet.end_after(at, zone)
    assert at <= loud <= at + dt.timedelta(hours=26)
    assert quiet.end_after(loud, zone) == loud, "when it ends it has ended"
    if at.astimezone(zone).time() not in quiet:
        assert loud == at


@given(nights)
def test_what_is_kept_is_read_again(quiet: Quiet) -> None:
    assert Quiet.of(quiet.as_words()) == quiet


def test_a_night() -> None:
    night, zone = Quiet(dt.time(22), dt.time(7)), zoneinfo.ZoneInfo("Asia/Shanghai")
    assert night.end_after(dt.datetime(2026, 11, 23, 15, tzinfo=dt.UTC), zone) == dt.datetime(2026, 11, 23, 23, tzinfo=dt.UTC)
    assert night.end_after(dt.datetime(2026, 11, 23, 22, 59, tzinfo=dt.UTC), zone) == dt.datetime(2026, 11, 23, 23, tzinfo=dt.UTC)
    noon = dt.datetime(2026, 11, 23, 4, tzinfo=dt.UTC)
    assert night.end_after(noon, zone) == noon


def test_an_end_that_the_clock_leaps_over() -> None:
    """Berlin, 29 March 2026: from 2:00 straight to 3:00."""
    quiet, zone = Quiet(dt.time(1), dt.time(2, 30)), zoneinfo.ZoneInfo("Europe/Berlin")
    loud = quiet.end_after(dt.datetime(2026, 3, 29, 0, 30, tzinfo=dt.UTC), zone)
    assert loud.astimezone(zone).strftime("%H:%M") == "03:30"


def test_nonsense_makes_no_quiet_hours() -> None:
    assert [Quiet.of(words) for words in (None, [], ["22:00"], ["07:00", "07:00"], "22:00")] == [None] * 5
