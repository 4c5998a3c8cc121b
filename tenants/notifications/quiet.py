"""Quiet hours: what falls into them waits until they end. Pure."""

import datetime as dt
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class Quiet:
    """From `start` up to but without `end`, by the clock on the wall; over midnight when `end` is the earlier."""

    start: dt.time
    end: dt.time

    @classmethod
    def of(cls, words: object) -> Self | None:
        """From ["22:00", "07:00"]; None for anything that makes no stretch of time."""
        if not isinstance(words, list) or len(words) != 2:
            return None
        start, end = (dt.time.fromisoformat(word) for word in words)
        return cls(start, end) if start != end else None

    def as_words(self) -> list[str]:
        return [f"{self.start:%H:%M}", f"{self.end:%H:%M}"]

    def __contains__(self, clock: dt.time) -> bool:
        if self.start < self.end:
            return self.start <= clock < self.end
        return clock >= self.start or clock < self.end

    def end_after(self, at: dt.datetime, zone: dt.tzinfo) -> dt.datetime:
        """`at` itself when it is not quiet, else the end of these quiet hours (UTC).

        Days on which the clock is moved: an end that the clock leaps over is the moment after the leap, and one that comes twice is the first
        that is not past.
        """
        local = at.astimezone(zone)
        if local.time().replace(tzinfo=None) not in self:
            return at
        day = local.date() if local.time().replace(tzinfo=None) < self.end else local.date() + dt.timedelta(days=1)
        ends = (on_the_clock(day, self.end, zone, fold=fold) for fold in (0, 1))
        return next((end for end in ends if end > at), at)


def on_the_clock(day: dt.date, clock: dt.time, zone: dt.tzinfo, *, fold: int = 0) -> dt.datetime:
    """When the clock on the wall says so (UTC). A time that is leapt over in spring is reckoned as if the clock had not been moved."""
    return dt.datetime.combine(day, clock, zone).replace(fold=fold).astimezone(dt.UTC)
