"""Days in words, in the person's zone and language. It is Tuesday, 24 November 2026, 13:00 in Shanghai."""

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask

from web import languages
from web.ui import days

NOW = dt.datetime(2026, 11, 24, 5, tzinfo=dt.UTC)


@pytest.fixture(params=["zh", "en"])
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    app = Flask("web")
    languages.init_app(app)
    with app.test_request_context(headers={"Accept-Language": request.param}), time_machine.travel(NOW, tick=False):
        yield request.param


def words(html: object) -> str:
    return str(html).partition(">")[2].partition("<")[0] or str(html)


@pytest.mark.parametrize(
    ("hours", "chinese", "english"),
    [
        (1, "今天 14:00", "Today 14:00"),
        (11, "明天 00:00", "Tomorrow 00:00"),
        (-14, "昨天 23:00", "Yesterday 23:00"),
        (72, "周五 13:00", "Fri 13:00"),
        (24 * 7, "12月1日", "Dec 1"),
        (-24 * 12, "11月12日", "Nov 12"),
        (24 * 60, "2027-01-23", "2027-01-23"),
    ],
)
def test_when_it_is(language: str, hours: int, chinese: str, english: str) -> None:
    assert words(days.day(NOW + dt.timedelta(hours=hours))) == (chinese if language == "zh" else english)


@pytest.mark.parametrize(
    ("moment", "chinese", "english", "kind"),
    [
        (NOW - dt.timedelta(days=3), "逾期 3 天", "3 days overdue", "late"),
        (NOW - dt.timedelta(days=1), "逾期 1 天", "1 day overdue", "late"),
        (NOW - dt.timedelta(hours=2), "今天 11:00", "Today 11:00", "late"),
        (NOW + dt.timedelta(hours=1), "今天 14:00", "Today 14:00", "soon"),
        (dt.date(2026, 11, 24), "今天", "Today", "soon"),
        (dt.date(2026, 11, 25), "明天", "Tomorrow", ""),
        (NOW + dt.timedelta(hours=25), "明天 14:00", "Tomorrow 14:00", ""),
        (NOW + dt.timedelta(days=3, hours=1), "周五 14:00", "Fri 14:00", ""),
        (dt.date(2026, 11, 27), "周五", "Fri", ""),
    ],
)
def test_what_is_due(language: str, moment: dt.datetime | dt.date, chinese: str, english: str, kind: str) -> None:
    html = days.due(moment)
    assert words(html) == (chinese if language == "zh" else english)
    assert (f'class="{kind}"' in html) is bool(kind)


def test_the_exact_time_is_told_on_hover(language: str) -> None:
    assert 'title="2026-11-24 14:00"' in days.day(NOW + dt.timedelta(hours=1))
    assert days.exact(NOW) == "2026-11-24 13:00"
    assert days.exact(dt.date(2026, 11, 24)) == "2026-11-24"


def test_nothing_is_a_dash(language: str) -> None:
    assert [days.day(None), days.due(None), days.clock(None), days.exact(None), days.long_day(None), days.iso(None)] == ["—"] * 5 + [""]


def test_headings_name_the_day(language: str) -> None:
    assert days.long_day(NOW) == ("今天" if language == "zh" else "Today")
    assert days.long_day(dt.date(2026, 11, 12)) in ("11月12日周四", "Thu, Nov 12")
    assert "2025" in days.long_day(dt.date(2025, 11, 12))
