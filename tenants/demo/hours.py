"""Working hours around now: every made-up moment lies in them, counted back in working days."""

import datetime as dt
from random import Random

from tenants.values.calendars import is_working_day

REACH = 290  # working days back: some fourteen months


class Hours:
    """`back(0, …)` is today (the last working day when today is none), before now; `back(5, …)` a week ago."""

    def __init__(self, now: dt.datetime, *, chinese: bool) -> None:
        self.now = now
        self._works = is_working_day if chinese else _is_weekday
        self._days = [day for day in (now.date() - dt.timedelta(days=ahead) for ahead in range(450)) if self._works(day)][:REACH]

    def back(self, working_days: int, rng: Random) -> dt.datetime:
        day = self._days[min(max(working_days, 0), REACH - 1)]
        minute = rng.randrange(9 * 60 + 5, 16 * 60 + 30)
        moment = self.at(day, minute if minute < 12 * 60 else minute + 80)  # nobody calls at lunch
        if moment < self.now:
            return moment
        opening = self.at(day, 8 * 60 + 40)
        if self.now - opening > dt.timedelta(minutes=30):
            return opening + dt.timedelta(seconds=rng.randrange(60, int((self.now - opening).total_seconds()) - 60))
        return self.back(working_days + 1, rng)

    def ahead(self, days: int, rng: Random) -> dt.datetime:
        """On the day so far ahead (0: today, whatever its weekday; negative: before), else on the next working day, on a half hour."""
        day = self.now.date() + dt.timedelta(days=days)
        while days and not self._works(day):
            day += dt.timedelta(days=1 if days > 0 else -1)
        half_hours = [*range(18, 24), *range(27, 36)]
        return self.at(day, rng.choice(half_hours) * 30)

    def after(self, moment: dt.datetime, working_days: int, rng: Random) -> dt.datetime:
        """So many working days after a moment, on a half hour."""
        day = moment.date()
        while working_days > 0:
            day += dt.timedelta(days=1)
            working_days -= self._works(day)
        return self.at(day, rng.choice([*range(18, 24), *range(27, 36)]) * 30)

    def at(self, day: dt.date, minute: int) -> dt.datetime:
        return dt.datetime.combine(day, dt.time(minute // 60, minute % 60), self.now.tzinfo)


def _is_weekday(day: dt.date) -> bool:
    return day.weekday() < 5
