"""Birthdays of the people at a customer, by the sun or by the moon."""

import datetime as dt
from typing import Protocol

from babel.dates import format_skeleton
from flask_babel import get_locale, gettext

from tenants.values.calendars import lunar_name, next_birthday


class Born(Protocol):
    """A contact, or the row of one."""

    @property
    def birthday(self) -> dt.date | None: ...

    @property
    def birthday_is_lunar(self) -> bool: ...


LUNAR_FROM = dt.date(1900, 1, 31)  # the first day that the calendar knows


def days_until(person: Born, today: dt.date) -> int:
    """Until the birthday is kept next; 0 on the day."""
    return (next_birthday(_of(person), today, lunar=person.birthday_is_lunar) - today).days


def in_words(person: Born) -> str:
    """生日 11月27日, or by the moon 生日 八月十五."""
    day = _of(person)
    if person.birthday_is_lunar and day >= LUNAR_FROM:
        return str(gettext("Birthday %(day)s (lunar)", day=lunar_name(day)))
    return str(gettext("Birthday %(day)s", day=format_skeleton("MMMd", day, locale=get_locale())))


def _of(person: Born) -> dt.date:
    if person.birthday is None:
        raise ValueError("a birthday that nobody knows")
    return person.birthday
