"""The months that are paid for. All times are whole seconds in UTC, as Stripe's are."""

import calendar
from datetime import UTC, datetime

DAY = 86_400
DAYS = {"day": 1, "week": 7}
MONTHS = {"month": 1, "year": 12}


def after(anchor: int, interval: str, count: int, periods: int) -> int:
    """When so many periods after the anchor have gone by. The 31st becomes the last day of shorter months, and the 31st again after them."""
    if interval in DAYS:
        return anchor + DAYS[interval] * count * periods * DAY
    start = datetime.fromtimestamp(anchor, UTC)
    months = start.year * 12 + start.month - 1 + MONTHS[interval] * count * periods
    year, month = divmod(months, 12)
    day = min(start.day, calendar.monthrange(year, month + 1)[1])
    return int(start.replace(year=year, month=month + 1, day=day).timestamp())


def next_end(anchor: int, interval: str, count: int, now: int) -> int:
    """The end of the period that `now` lies in; a period begins with its first second."""
    periods = 1
    while (end := after(anchor, interval, count, periods)) <= now:
        periods += 1
    return end
