import datetime as dt
import uuid
from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.exceptions import BadRequest

from web.ui.paging import Cursor, Page

KEY = uuid.UUID("01920000-0000-7000-8000-000000000001")
KINDS = (str, int, Decimal, dt.datetime, dt.date, uuid.UUID, bool)
VALUES = ("青禾 & co", 7, Decimal("12.50"), dt.datetime(2026, 11, 24, 6, tzinfo=dt.UTC), dt.date(2026, 11, 24), KEY, True)


def test_a_cursor_comes_back_as_it_went() -> None:
    cursor = Cursor(VALUES, backwards=True, at=50)
    assert Cursor.decode(cursor.encode(), KINDS) == cursor


def test_a_missing_value_is_a_value_too() -> None:
    cursor = Cursor((None, KEY))
    assert Cursor.decode(cursor.encode(), (Decimal, uuid.UUID)) == cursor


def test_no_cursor_is_the_first_page() -> None:
    assert Cursor.decode(None, KINDS) is None
    assert Cursor.decode("", KINDS) is None


@pytest.mark.parametrize(
    "text",
    [
        "x",
        "!!!!",
        "bnVsbA",
        "W10",
        "WzAsMF0",
        "WzIsMCwieCJd",
        "WzAsLTEsIngiXQ",
        "e30",
        "5L2g",
        "é",
        "WzAsMCx7fV0",
        Cursor(("NaN",)).encode(),
        Cursor(("Infinity",)).encode(),
        "W" * 5000,
    ],
)
def test_what_we_did_not_make_is_a_400(text: str) -> None:
    with pytest.raises(BadRequest):
        Cursor.decode(text, (Decimal,))


@pytest.mark.parametrize("kind", [int, dt.datetime, dt.date, uuid.UUID, Decimal])
def test_a_value_of_another_kind_is_a_400(kind: type) -> None:
    with pytest.raises(BadRequest):
        Cursor.decode(Cursor(("words",)).encode(), (kind,))


def test_a_moment_without_its_zone_and_a_null_byte_are_refused() -> None:
    with pytest.raises(BadRequest):
        Cursor.decode(Cursor(("2026-11-24T06:00:00",)).encode(), (dt.datetime,))
    with pytest.raises(BadRequest):
        Cursor.decode(Cursor(("a\0b",)).encode(), (str,))


@given(st.text(max_size=80))
def test_no_text_breaks_it(text: str) -> None:
    with suppress(BadRequest):
        Cursor.decode(text, (str, uuid.UUID))


def test_a_page_knows_where_it_stands() -> None:
    page = Page(rows=["a", "b"], at=50, total=52)
    assert (page.first, page.last) == (51, 52)
