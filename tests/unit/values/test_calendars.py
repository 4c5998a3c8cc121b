import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenants.values import calendars


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2026-11-24", True),
        ("2026-11-22", False),  # a Sunday
        ("2026-02-14", True),  # a Saturday, worked for the Spring Festival
        ("2026-02-17", False),  # the Spring Festival
        ("2026-10-08", True),
        ("2025-09-28", True),  # a Sunday, worked for the National Day
    ],
)
def test_working_days_with_make_up_days(day: str, works: bool) -> None:
    assert calendars.is_working_day(dt.date.fromisoformat(day)) is works


def test_counting_working_days() -> None:
    assert calendars.working_day_of_month(dt.date(2026, 11, 24)) == 17
    assert calendars.working_day_of_month(dt.date(2026, 10, 1)) == 0
    assert calendars.working_days(dt.date(2026, 11, 20), dt.date(2026, 11, 24)) == 2
    assert calendars.next_working_day(dt.date(2026, 10, 1)) == dt.date(2026, 10, 8)
    assert calendars.next_working_day(dt.date(2026, 11, 24)) == dt.date(2026, 11, 24)


@pytest.mark.parametrize(
    ("born", "today", "lunar", "kept"),
    [
        ("1988-05-20", "2026-05-20", False, "2026-05-20"),
        ("1988-05-20", "2026-05-21", False, "2027-05-20"),
        ("1988-02-29", "2026-11-24", False, "2027-02-28"),
        ("1988-02-29", "2027-11-24", False, "2028-02-29"),
        ("1985-09-29", "2026-11-24", True, "2027-09-15"),  # 八月十五
        ("1985-09-29", "2026-09-25", True, "2026-09-25"),
        ("2025-08-01", "2026-01-01", True, "2026-07-21"),  # 闰六月初八: 2026 has no leap month
        ("1990-01-26", "2026-11-24", True, "2027-02-05"),  # 腊月三十
    ],
)
def test_the_next_birthday(born: str, today: str, lunar: bool, kept: str) -> None:
    assert calendars.next_birthday(dt.date.fromisoformat(born), dt.date.fromisoformat(today), lunar=lunar).isoformat() == kept


@given(st.dates(dt.date(1850, 1, 1), dt.date(2020, 1, 1)), st.dates(dt.date(2020, 1, 1), dt.date(2120, 1, 1)), st.booleans())
def test_a_birthday_comes_within_thirteen_months(born: dt.date, today: dt.date, lunar: bool) -> None:
    assert 0 <= (calendars.next_birthday(born, today, lunar=lunar) - today).days <= 385


@pytest.mark.parametrize(
    ("day", "name"),
    [("2026-09-25", "八月十五"), ("2025-07-25", "闰六月初一"), ("2026-02-17", "正月初一"), ("2026-02-16", "腊月廿九"), ("2026-03-08", "正月二十")],
)
def test_the_chinese_name_of_a_day(day: str, name: str) -> None:
    assert calendars.lunar_name(dt.date.fromisoformat(day)) == name
