"""What people write into cells, in every form."""

import datetime as dt
import zoneinfo
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenants.imports import values
from tenants.imports.values import Wrong

SHANGHAI = zoneinfo.ZoneInfo("Asia/Shanghai")
DAY = dt.date(2026, 11, 24)


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-24", "2026/11/24", "2026.11.24", "24.11.2026", "20261124", "2026年11月24日", "2026 年 11 月 24 日", "２０２６－１１－２４",
        "46350", "46350.4375",
        "2026-11-24 10:30", "2026/11/24 10:30:05", "2026-11-24T10:30:00Z", "2026年11月24日 星期二", "2026-11-24 (周二)", "2026年11月24号 上午10点",
    ],
)  # fmt: skip
def test_days(text: str) -> None:
    assert values.day(text) == DAY


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("2026-11-24 10:30", "02:30"), ("2026/11/24 10:30:00", "02:30"), ("2026-11-24T10:30:00+08:00", "02:30"), ("2026-11-24T02:30:00Z", "02:30"),
        ("2026-11-24", "01:00"), ("46350.4375", "02:30"), ("2026年11月24日 10点30分", "02:30"), ("2026年11月24日上午10:30", "02:30"),
        ("2026-11-24 下午2:05", "06:05"),
        ("2026-11-24 2:05 PM", "06:05"), ("2026-11-24 12:00 am", "16:00"), ("2026年11月24日 10时", "02:00"), ("2026-11-24 星期二 10:30", "02:30"),
    ],
)  # fmt: skip
def test_moments_are_in_the_firms_zone_unless_they_name_another(text: str, clock: str) -> None:
    moment = values.moment(text, SHANGHAI)
    assert moment.strftime("%H:%M") == clock and moment.tzinfo is dt.UTC


@pytest.mark.parametrize(
    "text",
    [
        "tomorrow",
        "2026-13-01",
        "2026-02-30",
        "11/24/2026",
        "24-11-26",
        "1",
        "0000-01-01",
        "9999-12-31",
        "2026-11-24 25:00",
        "1899-01-01",
        "99999",
        "2026-11-24 x",
    ],
)
def test_no_days(text: str) -> None:
    with pytest.raises(Wrong):
        values.moment(text, SHANGHAI)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("¥1,234.50", "1234.50"), ("1.2万", "12000"), ("12800元", "12800"), ("0", "0"), ("１２３", "123"), ("RMB 3,000", "3000"),
        ("1亿2000万", "120000000"),
        ("0.30000000000000004", "0.30"), ("12.5", "12.50"),
    ],
)  # fmt: skip
def test_amounts(text: str, amount: str) -> None:
    assert values.amount(text) == Decimal(amount)


@pytest.mark.parametrize("text", ["-5", "a", "1e400", "NaN", "Infinity", "10000000000000", "1,2,3"])
def test_no_amounts(text: str) -> None:
    with pytest.raises(Wrong):
        values.amount(text)


@pytest.mark.parametrize(("text", "percent"), [("30", 30), ("30%", 30), ("0.3", 30), ("３０％", 30), ("1", 1), ("0", 0), ("100", 100), ("0.5%", 0)])
def test_percentages(text: str, percent: int) -> None:
    assert values.percentage(text) == percent


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (values.percentage, "101"), (values.percentage, "-1"), (values.percentage, "NaN"), (values.phone, "12"), (values.phone, "no"),
        (values.credit_code, "91330106MA2XXXXXXX"),
        (values.yes, "perhaps"), (lambda text: values.mail(text, most=120), "a@b"), (lambda text: values.website(text, most=200), "nowhere"),
        (lambda text: values.text(text, most=3), "four"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_value(read: Callable[[str], Any], text: str) -> None:
    with pytest.raises(Wrong) as told:
        read(text)
    assert text in str(told.value)


def test_phones_are_kept_as_forms_keep_them() -> None:
    assert values.phone("138 5718 2046") == values.phone("+86-138-5718-2046") == "+8613857182046"
    assert values.phone("13857182046、0571-88123456") == "+8613857182046"
    assert values.phone("0571-88123456转802") == "+8657188123456x802"


def test_choices_are_known_by_code_and_label_in_both_languages() -> None:
    known = {values.key(name): "exhibition" for name in ("exhibition", "Exhibition", "展会")}
    assert {values.option(text, known, "") for text in ("展会", " 展 会", "EXHIBITION", "Exhibition*")} == {"exhibition"}
    with pytest.raises(Wrong):
        values.option("fair", known, "展会")


def test_tags_and_answers() -> None:
    assert values.tags("重点、展会，vip; 重点") == ["重点", "展会", "vip"]
    assert [values.yes(text) for text in ("是", "Yes", "1", "TRUE", "否", "no", "0")] == [True] * 4 + [False] * 3


@given(st.text(max_size=60))
def test_whatever_was_typed_is_a_value_or_wrong(text: str) -> None:
    for read in (
        values.day,
        lambda one: values.moment(one, SHANGHAI),
        values.amount,
        values.percentage,
        values.phone,
        values.credit_code,
        values.yes,
        values.tags,
        values.key,
    ):
        try:
            read(text)
        except Wrong as wrong:
            assert len(str(wrong)) < 300
