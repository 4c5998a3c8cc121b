from decimal import Decimal

import pytest

from web.ui.money import count, money, money_short, money_whole


@pytest.mark.parametrize(
    ("amount", "shown"),
    [(None, "—"), (0, "¥0.00"), (Decimal("128000"), "¥128,000.00"), (Decimal("-0.5"), "-¥0.50"), (Decimal("123456789.005"), "¥123,456,789.00")],
)
def test_an_amount_has_two_decimals(amount: Decimal | int | None, shown: str) -> None:
    assert money(amount) == shown


@pytest.mark.parametrize(("amount", "shown"), [(None, "—"), (Decimal("1234.50"), "¥1,235"), (Decimal("-2.5"), "-¥3"), (0, "¥0")])
def test_a_whole_amount_is_rounded_half_up(amount: Decimal | int | None, shown: str) -> None:
    assert money_whole(amount) == shown


@pytest.mark.parametrize(
    ("amount", "chinese", "english"),
    [
        (999, "¥999", "¥999"),
        (9999, "¥9,999", "¥10K"),
        (10_000, "¥1万", "¥10K"),
        (264_000, "¥26.4万", "¥264K"),
        (999_950, "¥100万", "¥1M"),
        (1_200_000, "¥120万", "¥1.2M"),
        (99_995_000, "¥1亿", "¥100M"),
        (120_000_000, "¥1.2亿", "¥120M"),
        (-264_000, "-¥26.4万", "-¥264K"),
        (None, "—", "—"),
    ],
)
def test_where_space_is_short(amount: int | None, chinese: str, english: str) -> None:
    assert money_short(amount, chinese=True) == chinese
    assert money_short(amount, chinese=False) == english


def test_counts_have_their_commas() -> None:
    assert [count(12408), count(0), count(None)] == ["12,408", "0", "—"]
