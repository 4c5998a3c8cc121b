"""When somebody's morning is: the hour each has chosen, on working days unless said otherwise, by the clock of the firm's time zone. Pure."""

import datetime as dt
from collections.abc import Iterator

from tenants.notifications.preferences import Preferences
from tenants.notifications.quiet import on_the_clock
from tenants.values.calendars import is_working_day

KIND = "digest"
LONGEST_HOLIDAY = 40  # days


def next_morning(preferences: Preferences, after: dt.datetime, zone: dt.tzinfo) -> dt.datetime | None:
    """The first one later than `after` (UTC); None for who wants no digest."""
    first = after.astimezone(zone).date()
    days = (first + dt.timedelta(days=ahead) for ahead in range(LONGEST_HOLIDAY))
    return next((moment for moment in _mornings(preferences, days, zone) if moment > after), None)


def last_morning(preferences: Preferences, at: dt.datetime, zone: dt.tzinfo) -> dt.datetime | None:
    """Today's, if it has come by `at`; None otherwise."""
    return next((moment for moment in _mornings(preferences, iter([at.astimezone(zone).date()]), zone) if moment <= at), None)


def _mornings(preferences: Preferences, days: Iterator[dt.date], zone: dt.tzinfo) -> Iterator[dt.datetime]:
    if preferences.channels(KIND):
        for day in days:
            if preferences.digest_every_day or is_working_day(day):
                yield on_the_clock(day, preferences.digest_at, zone)
