"""Days in words, in the person's time zone: 今天 14:00, 昨天, 周五, 11月28日, 逾期 3 天; the exact time is told on hover."""

import datetime as dt
import zoneinfo
from functools import lru_cache

from babel.dates import format_date, format_skeleton
from flask import g
from flask_babel import get_locale, get_timezone
from markupsafe import Markup, escape

from web.ui.tongue import gettext, ngettext

NOTHING = "—"
Moment = dt.datetime | dt.date | None


def day(moment: Moment) -> Markup | str:
    """A <time> in plain words: when it is or was."""
    return NOTHING if moment is None else _time(moment, _words(moment), "")


def due(moment: Moment) -> Markup | str:
    """A <time> for what is to be done: today stands out, what is late says by how many days."""
    if moment is None:
        return NOTHING
    days = (_local(moment)[0] - today()).days
    is_late = days < 0 or (isinstance(moment, dt.datetime) and moment < now())
    if days < 0:
        return _time(moment, ngettext("%(num)s day overdue", "%(num)s days overdue", -days) % {"num": -days}, "late")
    return _time(moment, _words(moment), "late" if is_late else "soon" if days == 0 else "")


def clock(moment: dt.datetime | None) -> Markup | str:
    """A <time> with hours and minutes only, for use under a heading that names the day."""
    return NOTHING if moment is None else _time(moment, f"{moment.astimezone(zone()):%H:%M}", "")


def exact(moment: Moment) -> str:
    """2026-11-24 14:00, or the date alone."""
    if moment is None:
        return NOTHING
    date, time = _local(moment)
    return f"{date} {time.hour:02}:{time.minute:02}" if time else f"{date}"


def iso(moment: Moment) -> str:
    """2026-11-24, in the person's time zone; empty for None, as date inputs want it."""
    return "" if moment is None else _local(moment)[0].isoformat()


def long_day(moment: Moment) -> str:
    """For headings: Today, Yesterday, 11月24日 周二 / Tue, Nov 24; with the year when it is another one."""
    if moment is None:
        return NOTHING
    date = _local(moment)[0]
    near = {0: gettext("Today"), -1: gettext("Yesterday"), 1: gettext("Tomorrow")}.get((date - today()).days)
    return near or _skeleton("MMMEd" if date.year == today().year else "yMMMd", date)


def said_day(moment: Moment) -> str:
    """Within a sentence: 11月24日周二 / Tue, Nov 24, also for today; with the year when it is another one."""
    if moment is None:
        return NOTHING
    date = _local(moment)[0]
    return _skeleton("MMMEd" if date.year == today().year else "yMMMd", date)


def full_day(date: dt.date) -> str:
    """11月24日周二 / Tue, Nov 24, also for today."""
    return _skeleton("MMMEd", date)


def month_name(date: dt.date) -> str:
    """11月 / Nov."""
    return _skeleton("MMM", date)


def now() -> dt.datetime:
    visit = g.get("visit")
    moment: dt.datetime = visit.now if visit is not None else dt.datetime.now(dt.UTC)
    return moment


def today() -> dt.date:
    return now().astimezone(zone()).date()


def zone() -> dt.tzinfo:
    visit = g.get("visit")
    if visit is not None:  # lists ask for it hundreds of times: a ZoneInfo is told here in a tenth of the time that Babel's zone takes
        tenants: dt.tzinfo = visit.zone
        return tenants
    return get_timezone() or zoneinfo.ZoneInfo("Asia/Shanghai")


def _local(moment: dt.datetime | dt.date) -> tuple[dt.date, dt.time | None]:
    if not isinstance(moment, dt.datetime):
        return moment, None
    there = moment.astimezone(zone())
    return there.date(), there.time()


def _words(moment: dt.datetime | dt.date) -> str:
    date, time = _local(moment)
    hours = f" {time.hour:02}:{time.minute:02}" if time else ""
    if near := _near(date):
        return near + hours
    if date.year == today().year:
        return _skeleton("MMMd", date)
    return date.isoformat()


def _near(date: dt.date) -> str:
    """Yesterday, today, tomorrow and the days of the coming week have names; empty for others."""
    days = (date - today()).days
    if 1 < days < 7:
        return _skeleton("EEE", date)
    return {0: gettext("Today"), 1: gettext("Tomorrow"), -1: gettext("Yesterday")}.get(days, "")


def _skeleton(skeleton: str, date: dt.date) -> str:
    return _in_words(skeleton, date, str(get_locale() or "zh_Hans_CN"))


@lru_cache(maxsize=4096)
def _in_words(skeleton: str, date: dt.date, locale: str) -> str:
    # The bare name of a day is a format but no skeleton in CLDR.
    return str(format_date(date, "EEE", locale=locale) if skeleton == "EEE" else format_skeleton(skeleton, date, locale=locale))


def _time(moment: dt.datetime | dt.date, words: str, kind: str) -> Markup:
    machine = moment.isoformat(timespec="minutes") if isinstance(moment, dt.datetime) else moment.isoformat()
    marked = f' class="{kind}"' if kind else ""
    return Markup(f'<time datetime="{machine}" title="{exact(moment)}"{marked}>{escape(words)}</time>')  # noqa: S704  # digits, our own class, escaped words
