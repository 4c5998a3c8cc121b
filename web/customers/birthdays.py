"""Birthdays of the people at a customer, by the sun or by the moon."""

import datetime as dt

from babel.dates import format_skeleton
from flask_babel import get_locale, gettext

from tenants.customers.page import Person
from tenants.values.calendars import lunar_name, next_birthday

LUNAR_FROM = dt.date(1900, 1, 31)  # the first day that the calendar knows


def days_until(person: Person, today: dt.date) -> int:
    """Until the birthday is kept next; 0 on the day."""
    assert person.birthday is not None
    return (next_birthday(person.birthday, today, lunar=person.birthday_is_lunar) - today).days


def in_words(person: Person) -> str:
    """生日 11月27日, or by the moon 生日 八月十五."""
    day = person.birthday
    assert day is not None
    if person.birthday_is_lunar and day >= LUNAR_FROM:
        return str(gettext("Birthday %(day)s (lunar)", day=lunar_name(day)))
    return str(gettext("Birthday %(day)s", day=format_skeleton("MMMd", day, locale=get_locale())))
