"""Working days of China with the make-up days at weekends, and birthdays by the sun or by the moon."""

import datetime as dt
from functools import lru_cache

import holidays
from lunardate import LunarDate

LUNAR_YEARS = range(1900, 2100)
LUNAR_MONTHS = ("正月", "二月", "三月", "四月", "五月", "六月", "七月", "八月", "九月", "十月", "冬月", "腊月")
LUNAR_TENS = ("初", "十", "廿", "三")
NUMERALS = "十一二三四五六七八九"


@lru_cache(maxsize=1)
def _china() -> holidays.HolidayBase:
    return holidays.country_holidays("CN")  # years are worked out when first asked for


def is_working_day(day: dt.date) -> bool:
    """Known in full for the years whose make-up days have been announced; for later ones the statutory holidays count."""
    return bool(_china().is_working_day(day))


def working_day_of_month(day: dt.date) -> int:
    """How many working days the month has had, this day included: 第 17 个工作日."""
    return sum(is_working_day(day.replace(day=number)) for number in range(1, day.day + 1))


def working_days(start: dt.date, end: dt.date) -> int:
    """From `start` up to but without `end`."""
    return sum(is_working_day(start + dt.timedelta(days=ahead)) for ahead in range((end - start).days))


def next_working_day(day: dt.date) -> dt.date:
    """This day if it is one, else the first after it."""
    while not is_working_day(day):
        day += dt.timedelta(days=1)
    return day


def next_birthday(birthday: dt.date, today: dt.date, *, lunar: bool = False) -> dt.date:
    """The next day, today included, on which the birthday is kept. `birthday` is the solar day of birth; `lunar`: kept by the Chinese calendar.

    29 February falls on the 28th in common years; a leap month is kept in the ordinary one where there is none, and a missing 30th on the 29th.
    """
    on = _lunar_birthday if lunar and birthday.year in LUNAR_YEARS and birthday >= dt.date(1900, 1, 31) else _solar_birthday
    days = (on(birthday, year) for year in range(today.year - 1, today.year + 2))
    return next(day for day in days if day >= today)


def lunar_name(day: dt.date) -> str:
    """八月十五, 闰六月初一: how people say the Chinese date of a solar day (1900-01-31 to 2099-12-31)."""
    lunar = LunarDate.from_solar_date(day.year, day.month, day.day)
    tens = (
        "三十"
        if lunar.day == 30
        else "二十"
        if lunar.day == 20
        else "初十"
        if lunar.day == 10
        else LUNAR_TENS[lunar.day // 10] + NUMERALS[lunar.day % 10]
    )
    return ("闰" if lunar.is_leap_month else "") + LUNAR_MONTHS[lunar.month - 1] + tens


def _solar_birthday(birthday: dt.date, year: int) -> dt.date:
    try:
        return birthday.replace(year=year)
    except ValueError:
        return dt.date(year, 2, 28)


def _lunar_birthday(birthday: dt.date, year: int) -> dt.date:
    if year not in LUNAR_YEARS:
        return _solar_birthday(birthday, year)
    born = LunarDate.from_solar_date(birthday.year, birthday.month, birthday.day)
    is_leap = bool(born.is_leap_month) and LunarDate.leap_month_for_year(year) == born.month
    try:
        kept = LunarDate(year, born.month, born.day, is_leap).to_solar_date()
    except ValueError:
        kept = LunarDate(year, born.month, 29, is_leap).to_solar_date()
    return dt.date(kept.year, kept.month, kept.day)
