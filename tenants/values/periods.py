"""Stretches of calendar time in a time zone, as the workbench compares them. All moments are aware; ends are exclusive."""

import datetime as dt
from dataclasses import dataclass
from typing import Literal, Self, get_args

Kind = Literal["today", "week", "month", "quarter", "year"]
KINDS: tuple[Kind, ...] = get_args(Kind)
MONTHS: dict[Kind, int] = {"month": 1, "quarter": 3, "year": 12}


@dataclass(frozen=True)
class Period:
    """The day, week (from Monday), month, quarter or year that `now` lies in; `now` carries the zone whose midnights count."""

    kind: Kind
    start: dt.datetime
    end: dt.datetime
    now: dt.datetime

    @classmethod
    def around(cls, now: dt.datetime, kind: Kind) -> Self:
        first = _first_day(now.date(), kind)
        return cls(kind, _midnight(first, now), _midnight(_shift(first, kind, 1), now), now)

    def before(self) -> Self:
        """The comparable part of the period before: from its start to the same day and time of day as now, at most to its end."""
        first = _shift(self.start.date(), self.kind, -1)
        day = _shift(self.now.date(), self.kind, -1)
        same = dt.datetime.combine(day, self.now.timetz())
        if self.kind in MONTHS and day.day != self.now.day:  # 31 March has no like in February: take February whole
            same = _midnight(day + dt.timedelta(days=1), self.now)
        return type(self)(self.kind, _midnight(first, self.now), min(same, self.start), same)

    def __contains__(self, moment: dt.datetime) -> bool:
        return self.start <= moment < self.end


def days_between(earlier: dt.datetime, later: dt.datetime, zone: dt.tzinfo) -> int:
    """Calendar days: 23:59 to 00:01 is one day. Negative when `later` is the earlier."""
    return (later.astimezone(zone).date() - earlier.astimezone(zone).date()).days


def day_bounds(day: dt.date, zone: dt.tzinfo) -> tuple[dt.datetime, dt.datetime]:
    """Its first moment and the next day's."""
    return dt.datetime.combine(day, dt.time.min, zone), dt.datetime.combine(day + dt.timedelta(days=1), dt.time.min, zone)


def add_months(day: dt.date, months: int) -> dt.date:
    """The same day of another month, or its last day: 31 January and a month is 28 February."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = (dt.date(year + (month == 11), (month + 1) % 12 + 1, 1) - dt.timedelta(days=1)).day
    return dt.date(year, month + 1, min(day.day, last))


def _midnight(day: dt.date, like: dt.datetime) -> dt.datetime:
    return dt.datetime.combine(day, dt.time.min, like.tzinfo)


def _first_day(day: dt.date, kind: Kind) -> dt.date:
    if kind == "today":
        return day
    if kind == "week":
        return day - dt.timedelta(days=day.weekday())
    month = {"month": day.month, "quarter": (day.month - 1) // 3 * 3 + 1, "year": 1}[kind]
    return day.replace(month=month, day=1)


def _shift(day: dt.date, kind: Kind, by: int) -> dt.date:
    if kind in MONTHS:
        return add_months(day, MONTHS[kind] * by)
    return day + dt.timedelta(days=by * (7 if kind == "week" else 1))
